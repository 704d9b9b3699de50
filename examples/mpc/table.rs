//! What is printed in columns.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use crate::episode::Episode;

/// Runs of controllers, each with its horizon.
pub fn runs(runs: &[(&str, usize, &Episode)]) -> Table {
    let mut table = new(&[
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
    align(table)
}

/// Median times in microseconds: solve, vjp.
pub fn timings(rows: &[(&str, [f64; 2])]) -> Table {
    let mut table = new(&["Horizon", "Solve, µs", "vjp, µs"]);
    for (name, times) in rows {
        let [solve, vjp] = times.map(|time| format!("{time:.0}"));
        table.add_row([(*name).to_owned(), solve, vjp]);
    }
    align(table)
}

/// Prints a table without the blanks that pad its last column.
pub fn print(table: Table) {
    println!("{}", table.trim_fmt());
}

fn new(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_header(header);
    table
}

/// Names to the left, numbers to the right.
fn align(mut table: Table) -> Table {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
