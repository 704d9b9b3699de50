//! The problems that the repository has anyway, right and wrong ones.

use std::path::{Path, PathBuf};
use std::{fs, io};

use proc_macro2::{TokenStream, TokenTree};

/// The inside of every `cvx! { … }` of the tests and the examples.
pub fn of_the_tests() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut problems = Vec::new();
    for folder in ["tests", "examples"] {
        for file in files(&root.join(folder)).expect("the repository is around") {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(file).expect("Rust is UTF-8");
                invocations(source.parse().expect("Rust is tokens"), &mut problems);
            }
        }
    }
    problems.sort();
    problems.dedup();
    problems
}

/// All files below `folder`, in the same order everywhere.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn invocations(tokens: TokenStream, problems: &mut Vec<String>) {
    let mut last = [const { String::new() }; 2];
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            if last == ["cvx", "!"] {
                problems.push(group.stream().to_string());
            } else {
                invocations(group.stream(), problems);
            }
        }
        last.rotate_left(1);
        last[1] = token.to_string();
    }
}
