//! Without a fuzzer: the corpus again, and some slips more.

mod invariant;
mod mutator;
mod problems;

use std::fs;
use std::path::{Path, PathBuf};

use mutator::Mutator;

const SLIPS: usize = 4_000;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

#[test]
fn the_corpus_expands() {
    let files = problems::files(&corpus()).expect("the corpus is around");
    assert!(files.len() > 100);
    for file in files {
        let source = fs::read_to_string(file).expect("the corpus is text");
        invariant::check(&source);
    }
}

#[test]
fn slips_of_the_pen_expand() {
    let problems = problems::of_the_tests();
    assert!(problems.len() > 100);
    let mut mutator = Mutator::new(0);
    for _ in 0..SLIPS {
        let problem = &problems[mutator.below(problems.len())];
        let mistaken = mutator.mutate(problem, &problems).expect("problems are tokens");
        invariant::check(&mistaken);
    }
}

/// Not a test: it adds the problems of the tests to the corpus.
#[test]
#[ignore = "writes into the repository"]
fn seed_the_corpus() {
    for (number, problem) in problems::of_the_tests().iter().enumerate() {
        fs::write(corpus().join(format!("problem-{number}")), problem).expect("the corpus is around");
    }
}
