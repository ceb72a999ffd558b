// Evaluates the results of scripts/test in a folder: LANE.json (vitest's report) and LANE.status (its exit status).
//   failed DIR LANE…         prints the files with failures, one per line
//   summary DIR EXTRA LANE…  prints all failures and the totals; exits with 1 if anything failed
// scripts/test runs a failed file once more by itself, as the lane `again-LANE`. If it passes then, it is reported as unsteady: that is a
// defect of the test or the program to be found, but it does not fail the run.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [command, dir, ...rest] = process.argv.slice(2);

function reportOf(lane) {
  const file = `${dir}/${lane}.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function statusOf(lane) {
  const file = `${dir}/${lane}.status`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** All failures of a lane: failed tests, files that could not be loaded, or a run that ended abnormally. */
function failuresOf(lane) {
  const report = reportOf(lane);
  const found = [];
  for (const file of report?.testResults ?? []) {
    const bad = file.assertionResults.filter((one) => one.status === 'failed');
    for (const one of bad) found.push({ file: file.name, test: one.fullName, why: one.failureMessages.join('\n') });
    if (file.status === 'failed' && bad.length === 0) found.push({ file: file.name, test: null, why: file.message });
  }
  const status = statusOf(lane);
  if (status !== null && status !== '0' && found.length === 0)
    found.push({
      file: null,
      test: null,
      why: `ended with status ${status}${report === null ? ' and no report' : ''}`,
    });
  return found;
}

/** Whether the second run of a file of this lane passed completely. */
function passedAgain(lane, file) {
  const again = `again-${lane}`;
  const found = reportOf(again)?.testResults.find(({ name }) => name === file);
  return found?.status === 'passed' && statusOf(again) === '0';
}

function print(word, lane, { file, test, why }) {
  const lines = why.split('\n').filter((line) => !line.includes('node_modules'));
  console.log(`${word} ${lane}: ${file === null ? '' : relative('', file)} > ${test ?? 'as a whole'}`);
  console.log(lines.slice(0, 12).join('\n'));
}

/** Where the time of a lane went: its whole duration and its slowest files. */
function printTimes(lane) {
  const files = reportOf(lane)?.testResults ?? [];
  if (files.length === 0) return;
  const seconds = (from, to) => Math.round((to - from) / 1000);
  const took = seconds(
    Math.min(...files.map(({ startTime }) => startTime)),
    Math.max(...files.map(({ endTime }) => endTime)),
  );
  const slowest = files
    .map(({ name, startTime, endTime }) => ({ name: relative('', name), took: seconds(startTime, endTime) }))
    .sort((a, b) => b.took - a.took)
    .slice(0, 4);
  console.log(`${lane}: ${took} s; slowest: ${slowest.map((file) => `${file.name} ${file.took} s`).join(', ')}`);
}

function summary(extra, lanes) {
  let passed = 0;
  let failed = Number(extra);
  for (const lane of lanes) printTimes(lane);
  for (const lane of lanes) {
    passed += reportOf(lane)?.numPassedTests ?? 0;
    for (const failure of failuresOf(lane)) {
      const isFailure = failure.file === null || !passedAgain(lane, failure.file);
      print(isFailure ? 'FAILED' : 'UNSTEADY, passed by itself', lane, failure);
      if (isFailure) failed += 1;
      else passed += 1;
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

if (command === 'summary') {
  const [extra, ...lanes] = rest;
  summary(extra, lanes);
} else {
  const files = rest.flatMap((lane) => failuresOf(lane).map(({ file }) => file)).filter((file) => file !== null);
  for (const file of new Set(files)) console.log(relative('', file));
}
