import { escapeHtml } from '../../../../src/domain/base/escape-html.ts';
import type { Entity, Properties, Property, Schema } from './schema.ts';

/** The document that `$metadata` answers (EDMX, OData 3). */
export function edmxOf(schema: Schema): string {
  const { entities } = schema;
  return `<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices m:DataServiceVersion="3.0" m:MaxDataServiceVersion="3.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><Schema Namespace="StandardODATA" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">
${entities.flatMap((entity) => entityTypes(entity, schema)).join('\n')}
${enumTypes(entities).join('\n')}
${entities.flatMap((entity) => associations(entity, schema)).join('\n')}
<EntityContainer Name="EnterpriseV8" m:IsDefaultEntityContainer="true">
${entities.flatMap(entitySets).join('\n')}
</EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`;
}

/** The OData type of a property, and its length if it has one. Composite values are plain strings: their types are not listed. */
export function edmTypeOf({ attribute, part }: Property): { readonly edm: string; readonly maxLength: number | null } {
  if (part === 'type') return { edm: 'Edm.String', maxLength: null };
  switch (attribute.kind) {
    case 'string':
      return { edm: 'Edm.String', maxLength: attribute.maxLength };
    case 'boolean':
      return { edm: 'Edm.Boolean', maxLength: null };
    case 'date':
      return { edm: 'Edm.DateTime', maxLength: null };
    case 'integer':
      return { edm: attribute.edm, maxLength: null };
    case 'number':
      return { edm: 'Edm.Double', maxLength: null };
    case 'guid':
    case 'reference':
      return { edm: 'Edm.Guid', maxLength: null };
    case 'storage':
      return { edm: 'Edm.Binary', maxLength: null };
    case 'enum':
    case 'composite':
      return { edm: 'Edm.String', maxLength: null };
  }
}

function entityTypes(entity: Entity, schema: Schema): readonly string[] {
  const { set, properties, sections, key } = entity;
  const keys = key.length === 0 ? ['Value'] : key;
  const rows = [...sections].map(
    ([name]) => `<Property Name="${name}" Type="Collection(StandardODATA.${set}_${name}_RowType)" Nullable="false"/>`,
  );
  const navigation = references(properties, schema).map(
    ({ base }) =>
      `<NavigationProperty Name="${base}" Relationship="StandardODATA.${set}_${base}" FromRole="Begin" ToRole="End"/>`,
  );
  return [
    entityType(set, keys, [...propertyLines(properties, keys), ...rows, ...navigation]),
    ...[...sections].flatMap(([name, columns]) => {
      const lines = [
        '<Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>',
        '<Property Name="LineNumber" Type="Edm.Int64" Nullable="false"/>',
        ...propertyLines(columns, []),
      ];
      return [
        entityType(`${set}_${name}`, ['Ref_Key', 'LineNumber'], lines),
        `<ComplexType Name="${set}_${name}_RowType">${lines.join('')}</ComplexType>`,
      ];
    }),
  ];
}

function entityType(name: string, keys: readonly string[], lines: readonly string[]): string {
  return `<EntityType Name="${name}"><Key>${keys.map((key) => `<PropertyRef Name="${key}"/>`).join('')}</Key>${lines.join('')}</EntityType>`;
}

function propertyLines({ list }: Properties, keys: readonly string[]): readonly string[] {
  return list.map((property) => {
    const { edm, maxLength } = edmTypeOf(property);
    const length = maxLength === null ? '' : ` MaxLength="${maxLength}"`;
    return `<Property Name="${escapeHtml(property.name)}" Type="${edm}" Nullable="${keys.includes(property.name) ? 'false' : 'true'}"${length}/>`;
  });
}

/** References to objects that the base publishes. */
function references({ list }: Properties, schema: Schema): readonly { readonly base: string; readonly to: string }[] {
  return list.flatMap(({ base, attribute }) =>
    attribute.kind === 'reference' && schema.has(attribute.to) ? [{ base, to: attribute.to }] : [],
  );
}

function associations({ set, properties }: Entity, schema: Schema): readonly string[] {
  return references(properties, schema).map(
    ({ base, to }) =>
      `<Association Name="${set}_${base}"><End Role="Begin" Type="StandardODATA.${set}" Multiplicity="*"/><End Role="End" Type="StandardODATA.${to}" Multiplicity="0..1"/></Association>`,
  );
}

function entitySets({ set, sections }: Entity): readonly string[] {
  return [set, ...[...sections.keys()].map((name) => `${set}_${name}`)].map(
    (name) => `<EntitySet Name="${name}" EntityType="StandardODATA.${name}"/>`,
  );
}

function enumTypes(entities: readonly Entity[]): readonly string[] {
  const known = new Map<string, readonly string[]>();
  for (const { properties, sections } of entities) {
    for (const { list } of [properties, ...sections.values()]) {
      for (const { attribute } of list)
        if (attribute.kind === 'enum' && attribute.values !== null) known.set(attribute.name, attribute.values);
    }
  }
  return [...known].map(
    ([name, values]) =>
      `<EnumType Name="${name}" UnderlyingType="Edm.Int32">${values.map((value, index) => `<Member Name="${value}" Value="${index}"/>`).join('')}</EnumType>`,
  );
}
