#!/usr/bin/env bash
# OpenStack Swift with its S3 door, all of it on this machine and in one directory: a proxy over one account, container and object
# server each, one copy of everything. Runs in mount and process namespaces of its own and ends with them.
#   swift.sh DIRECTORY PROXY-PORT ACCOUNT-PORT CONTAINER-PORT OBJECT-PORT MEMCACHED-PORT ACCESS-KEY SECRET
set -eu
dir=$1 proxy=$2 account=$3 container=$4 object=$5 cache=$6 key=$7 secret=$8
mkdir -p "$dir/etc" "$dir/node/disk"
cd "$dir/etc"
printf '[swift-hash]\nswift_hash_path_prefix = lab\nswift_hash_path_suffix = lab\n[storage-policy:0]\nname = one\ndefault = yes\n' >swift.conf

ring() {
  local kind=$1 port=$2
  printf '%s\n' '[DEFAULT]' "devices = $dir/node" 'mount_check = false' 'bind_ip = 127.0.0.1' "bind_port = $port" \
    'workers = 0' 'user = root' 'log_level = ERROR' '[pipeline:main]' "pipeline = $kind-server" \
    "[app:$kind-server]" "use = egg:swift#$kind" >"$kind-server.conf"
  swift-ring-builder "$kind.builder" create 1 1 0 >/dev/null
  swift-ring-builder "$kind.builder" add "r1z1-127.0.0.1:$port/disk" 1 >/dev/null
  swift-ring-builder "$kind.builder" rebalance >/dev/null
}
ring account "$account" &
ring container "$container" &
ring object "$object" &
wait

filters='catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink'
{
  printf '%s\n' '[DEFAULT]' 'bind_ip = 127.0.0.1' "bind_port = $proxy" 'workers = 0' 'user = root' 'log_level = ERROR' \
    '[pipeline:main]' "pipeline = $filters proxy-server" '[app:proxy-server]' 'use = egg:swift#proxy' 'account_autocreate = true'
  for filter in $filters; do
    case $filter in
      cache) printf '%s\n' '[filter:cache]' 'use = egg:swift#memcache' "memcache_servers = 127.0.0.1:$cache" ;;
      s3api) printf '%s\n' '[filter:s3api]' 'use = egg:swift#s3api' 'location = us-east-1' ;;
      # key and secret of S3 are a user and password here: ACCOUNT:USER
      tempauth) printf '%s\n' '[filter:tempauth]' 'use = egg:swift#tempauth' "user_${key/:/_} = $secret .admin" ;;
      *) printf '%s\n' "[filter:$filter]" "use = egg:swift#$filter" ;;
    esac
  done
} >proxy-server.conf

mount --bind "$dir/etc" /etc/swift
memcached -u nobody -l 127.0.0.1 -p "$cache" &
servers=($!)
for kind in account container object proxy; do
  "swift-$kind-server" "/etc/swift/$kind-server.conf" &
  servers+=($!)
done
# By name: a bare `wait -n` may still answer for a ring that is long done (bash 5.2), and the servers would end with us.
wait -n "${servers[@]}"
