//! What is printed in columns.

use comfy_table::Table;
use cvxlayers_examples::{aligned, table};

use crate::episode::Episode;

/// Runs of controllers, each with its horizon.
pub fn runs(runs: &[(&str, usize, &Episode)]) -> Table {
    let mut table = table(&[
        "Controller",
        "Horizon,\nsteps",
        "Cost of\nthe run",
        "Forces at\na bound",
        "Cart's\nreach, m",
        "Outcome",
    ]);
    for &(name, horizon, run) in runs {
        let outcome = if run.fell() {
            format!("fell after {:.2} s", run.duration())
        } else {
            format!("{:.0e} from rest after {:.0} s", run.rest(), run.duration())
        };
        table.add_row([
            name.to_owned(),
            horizon.to_string(),
            run.cost().map_or_else(String::new, |cost| format!("{cost:.2}")),
            run.saturated().to_string(),
            format!("{:.2}", run.reach()),
            outcome,
        ]);
    }
    aligned(table, 1)
}

/// Median times in microseconds: solve, vjp.
pub fn timings(rows: &[(&str, [f64; 2])]) -> Table {
    let mut table = table(&["Horizon", "Solve, µs", "vjp, µs"]);
    for (name, times) in rows {
        let [solve, vjp] = times.map(|time| format!("{time:.0}"));
        table.add_row([(*name).to_owned(), solve, vjp]);
    }
    aligned(table, 1)
}
