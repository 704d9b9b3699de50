//! Our side of `peers.py`, which starts it: writes the numbers of a family, and then runs as often as it is told to.
//!
//! Usage: `peers family batch threads file`, where `file` receives parameters, cotangents, and the solutions and gradients
//! of polished solves. Each line of standard input is a count of repetitions; the answer is a line of JSON, the seconds
//! of each forward and backward pass of the whole batch.

mod families;
mod serve;

use std::process::ExitCode;

use families::MPC_SIZES;
use serve::{Request, serve};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [family, batch, threads, file] = &arguments[..] else {
        // Cargo runs all benchmarks without arguments.
        eprintln!("usage: peers family batch threads file; see peers.py");
        return ExitCode::SUCCESS;
    };
    let request = Request {
        batch: batch.parse().expect("the batch is a number"),
        threads: threads.parse().expect("the threads are a number"),
        file: file.into(),
    };
    match family.as_str() {
        "dense_qp-16" => serve(&families::dense_qp(16, 16), &request),
        "dense_qp-128" => serve(&families::dense_qp(128, 128), &request),
        "sparse_qp" => serve(&families::sparse_qp(1000, 500, 10), &request),
        "portfolio" => serve(&families::portfolio(100, 10), &request),
        "lasso" => serve(&families::lasso(100, 50), &request),
        "robust_ls" => serve(&families::robust_ls(60, 30), &request),
        "robust_lp" => serve(&families::robust_lp(20, 10), &request),
        "logistic" => serve(&families::logistic(100, 20), &request),
        "entropy" => serve(&families::entropy(50, 10), &request),
        "nearest_correlation-10" => serve(&families::nearest_correlation(10), &request),
        "nearest_correlation-20" => serve(&families::nearest_correlation(20), &request),
        _ => match MPC_SIZES
            .map(families::mpc)
            .iter()
            .find(|case| case.to_string() == *family)
        {
            Some(case) => serve(case, &request),
            None => {
                eprintln!("there is no family {family}");
                return ExitCode::FAILURE;
            }
        },
    }
    ExitCode::SUCCESS
}
