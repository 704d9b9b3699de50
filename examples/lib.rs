//! What the examples share; each example is a folder of its own beside this file.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

/// A table with a rule under its header.
#[must_use]
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_header(header);
    table
}

/// So many columns of names to the left, numbers to the right.
#[must_use]
pub fn aligned(mut table: Table, names: usize) -> Table {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for column in table.column_iter_mut().skip(names) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Prints a table without the blanks that pad its last column.
pub fn print(table: &Table) {
    println!("{}", table.trim_fmt());
}

/// Where pictures go: the workspace's target directory.
#[must_use]
pub fn target_directory() -> PathBuf {
    let member = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = member.parent().unwrap_or(member);
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from)
}
