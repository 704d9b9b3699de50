//! The target of libFuzzer. What it feeds is text, so that the corpus can be read.

#![no_main]

mod invariant;
mod mutator;
mod problems;

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use mutator::Mutator;

static PROBLEMS: LazyLock<Vec<String>> = LazyLock::new(problems::of_the_tests);

fuzz_target!(|source: &str| -> Corpus {
    match invariant::check(source) {
        Some(()) => Corpus::Keep,
        None => Corpus::Reject,
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    // Bytes reach the tokens that no mutation of tokens makes.
    if seed.is_multiple_of(4) {
        return fuzzer_mutate(data, size, max_size);
    }
    let mutated = str::from_utf8(&data[..size])
        .ok()
        .and_then(|source| Mutator::new(seed.into()).mutate(source, &PROBLEMS));
    match mutated {
        Some(mutated) if mutated.len() <= max_size => {
            data[..mutated.len()].copy_from_slice(mutated.as_bytes());
            mutated.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
