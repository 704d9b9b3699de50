//! Without a fuzzer: the corpus again, and some slips more.

mod invariant;
mod mutator;
mod problems;

use std::path::{Path, PathBuf};
use std::{fs, thread};

use mutator::Mutator;

const SLIPS: usize = 4_000;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// A macro runs on a thread of the compiler, whose stack is larger than that of a test.
fn as_in_the_compiler(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(8 << 20).spawn(run);
    thread
        .expect("there is memory")
        .join()
        .expect("the macro does not panic");
}

#[test]
fn the_corpus_expands() {
    as_in_the_compiler(|| {
        let files = problems::files(&corpus()).expect("the corpus is around");
        assert!(files.len() > 100);
        for file in files {
            let source = fs::read_to_string(file).expect("the corpus is text");
            invariant::check(&source);
        }
    });
}

#[test]
fn slips_of_the_pen_expand() {
    as_in_the_compiler(|| {
        let problems = problems::of_the_tests();
        assert!(problems.len() > 100);
        let mut mutator = Mutator::new(0);
        for _ in 0..SLIPS {
            let problem = &problems[mutator.below(problems.len())];
            let mistaken = mutator.mutate(problem, &problems).expect("problems are tokens");
            invariant::check(&mistaken);
        }
    });
}

/// Not a test: it adds the problems of the tests to the corpus.
#[test]
#[ignore = "writes into the repository"]
fn seed_the_corpus() {
    for (number, problem) in problems::of_the_tests().iter().enumerate() {
        fs::write(corpus().join(format!("problem-{number}")), problem).expect("the corpus is around");
    }
}
