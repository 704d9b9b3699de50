#!/usr/bin/env bash
# What a family of predictive control adds to a debug build of a crate: ten of them, each in a module of its own with a
# problem that is built, solved and differentiated, against none. Usage: compile.sh [repetitions]
set -euo pipefail
repetitions=${1:-5}
runtime=$(cd "$(dirname "$0")/.." && pwd)
crate=$(mktemp -d)
trap 'rm -rf "$crate"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$runtime/../target}/benches-compile
mkdir -p "$crate/src"

cat >"$crate/Cargo.toml" <<TOML
[package]
name = "families"
edition = "2024"
[dependencies]
cvxlayers = { path = "$runtime" }
[workspace]
TOML
cp "$runtime/../Cargo.lock" "$crate/Cargo.lock"

# family literal|run-time, weight of the inputs: a module.
family() {
    if [ "$1" = literal ]; then
        head='Control' new='Control::new()'
        consts='const N: usize = 4; const M: usize = 2; const T: usize = 20;'
    else
        head='Control(N, M, T)' new='Control::new(ControlDims { N: 4, M: 2, T: 20 })' consts=''
    fi
    cat <<RUST
cvxlayers::cvx! {
    pub problem $head {
        $consts
        param a: [N, N];
        param b: [N, M];
        param q: [N, N] psd;
        param start: [N];
        param limit: nonneg;
        var x: [N, T + 1];
        var u: [M, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + $2 * sum_squares(u[.., t]));
        subject_to {
            x[.., 0] == start;
            for t in 0..T { dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t]; }
            bounds: -limit <= u <= limit;
        }
    }
}

pub fn run() -> Result<f64, cvxlayers::Error> {
    let mut problem = $new?;
    let mut params = problem.zero_params();
    params.a.fill_diagonal(1.0);
    params.b.fill(0.1);
    params.q.fill_diagonal(1.0);
    params.start.fill(1.0);
    params.limit = 0.5;
    let solution = problem.solve(&params)?;
    let gradient = solution.vjp(&ControlVars { u: solution.vars.u.clone(), ..problem.zero_vars() })?;
    Ok(gradient.limit)
}
RUST
}

# A crate of $2 families of kind $1.
write() {
    rm -f "$crate"/src/*
    {
        for i in $(seq "$2"); do echo "mod family$i;"; done
        echo 'extern crate cvxlayers;'
        echo 'fn main() -> Result<(), cvxlayers::Error> {'
        for i in $(seq "$2"); do echo "    println!(\"{}\", family$i::run()?);"; done
        echo '    Ok(())'
        echo '}'
    } >"$crate/src/main.rs"
    for i in $(seq "$2"); do family "$1" "0.$i" >"$crate/src/family$i.rs"; done
}

build() { cargo build --quiet --offline --manifest-path "$crate/Cargo.toml"; }

# Milliseconds of a build.
timed() {
    local start=$EPOCHREALTIME end
    build
    end=$EPOCHREALTIME
    echo $(((${end/./} - ${start/./}) / 1000))
}

median() { sort -n | sed -n "$(((repetitions + 1) / 2))p"; }

write literal 0
build
for kind in literal run-time; do
    for count in 0 1 10; do
        write "$kind" "$count"
        for _ in $(seq "$repetitions"); do
            cargo clean --quiet --offline --manifest-path "$crate/Cargo.toml" --package families
            timed
        done | median >"$crate/$count"
    done
    # All ten are there, and one is edited.
    for i in $(seq "$repetitions"); do
        family "$kind" "0.5$i" >"$crate/src/family3.rs"
        timed
    done | median >"$crate/edit"
    read -r none <"$crate/0"
    read -r one <"$crate/1"
    read -r ten <"$crate/10"
    read -r edit <"$crate/edit"
    "$CARGO_TARGET_DIR/debug/families" >/dev/null
    echo "$kind: none $none ms, one $one ms, ten $ten ms: $(((ten - none) / 10)) ms a family"
    echo "$kind: an edit of one of ten $edit ms"
done
