//! Stages that take turns in one run, so that whatever else the machine does meets all of them alike, and tables of
//! what they took.
#![allow(dead_code, reason = "each benchmark takes a part of it")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::BenchmarkGroup;
use criterion::measurement::WallTime;

/// The samples of `N` stages.
#[derive(Debug)]
pub struct Turns<const N: usize> {
    samples: [Vec<f64>; N],
}

impl<const N: usize> Default for Turns<N> {
    fn default() -> Self {
        Self {
            samples: [const { Vec::new() }; N],
        }
    }
}

impl<const N: usize> Turns<N> {
    /// A sample of a stage: the mean of as many calls as it takes to be longer than the clock's own time.
    pub fn time<T>(&mut self, stage: usize, calls: u32, mut call: impl FnMut() -> T) -> Duration {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        let elapsed = start.elapsed() / calls;
        self.samples[stage].push(start.elapsed().as_secs_f64() / f64::from(calls));
        elapsed
    }

    /// The median of each stage, in seconds.
    pub fn medians(&self) -> [f64; N] {
        self.samples.each_ref().map(|samples| median(samples))
    }
}

pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => 0.5 * (sorted[middle - 1] + sorted[middle]),
    }
}

/// How many calls take about 20 microseconds.
pub fn calls<T>(mut call: impl FnMut() -> T) -> u32 {
    call();
    let start = Instant::now();
    black_box(call());
    let nanos = start.elapsed().as_nanos().max(20);
    u32::try_from(20_000 / nanos).map_or(1, |calls| calls.max(1))
}

/// Runs laps under a name, of which Criterion sees what `lap` returns; `None` where the name is not selected.
pub fn laps<S>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    setup: impl Fn() -> S,
    mut lap: impl FnMut(&mut S) -> Duration,
) -> Option<S> {
    let mut state = None;
    group.bench_function(name, |bencher| {
        let state = state.get_or_insert_with(&setup);
        bencher.iter_custom(|laps| (0..laps).map(|_| lap(state)).sum());
    });
    state
}

/// A table in Markdown, on standard output.
pub fn print(title: &str, head: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("\n{title}\n\n{}", line(head.to_vec()));
    text += &line(head.iter().map(|_| "---").collect());
    for row in rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    #[allow(clippy::print_stdout, reason = "it is what a benchmark is run for")]
    {
        println!("{text}");
    }
}

/// Seconds in the unit that suits them.
pub fn seconds(value: f64) -> String {
    match value {
        v if v.is_nan() => "–".to_owned(),
        v if v < 1e-6 => format!("{:.0} ns", 1e9 * v),
        v if v < 1e-3 => format!("{} µs", three(1e6 * v)),
        v => format!("{} ms", three(1e3 * v)),
    }
}

pub fn percent(share: f64) -> String {
    match share {
        v if v.is_nan() => "–".to_owned(),
        v => format!("{} %", three(100.0 * v)),
    }
}

/// Three digits.
pub fn three(value: f64) -> String {
    match value.abs() {
        v if v.is_nan() => "–".to_owned(),
        v if v < 10.0 => format!("{value:.2}"),
        v if v < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
