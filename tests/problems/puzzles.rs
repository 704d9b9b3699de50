//! The relaxation of number puzzles: a cell has a fraction of each digit.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_objective_derivatives, tight};
use nalgebra::{DMatrix, SMatrix};

cvx! {
    /// The most clues that can be met.
    problem Sudoku {
        const B: usize = 3;
        const N: usize = B * B;
        param clue: [N * N, N];
        var x: [N * N, N] nonneg;
        maximize sum(multiply(clue, x));
        subject_to {
            for cell in 0..N * N { sum(x[cell, ..]) == 1; }
            for d in 0..N {
                for i in 0..N {
                    sum(x[N * i..N * i + N, d]) == 1;
                    sum(r in 0..N, x[N * r + i, d]) == 1;
                }
                for i in 0..B { for j in 0..B {
                    sum(r in 0..B, sum(x[N * (B * i + r) + B * j..N * (B * i + r) + B * (j + 1), d])) == 1;
                } }
            }
        }
    }

    /// The clues are constraints: the feasible set is a point.
    problem Filled(B) {
        param clue: [B * B * B * B, B * B] nonneg;
        param weight: [B * B * B * B, B * B];
        var x: [B * B * B * B, B * B];
        maximize sum(multiply(weight, x));
        subject_to {
            x >= clue;
            for cell in 0..B * B * B * B { sum(x[cell, ..]) == 1; }
            for d in 0..B * B {
                for i in 0..B * B {
                    sum(x[B * B * i..B * B * (i + 1), d]) == 1;
                    sum(r in 0..B * B, x[B * B * r + i, d]) == 1;
                }
                for i in 0..B { for j in 0..B {
                    sum(r in 0..B, sum(x[B * (B * (B * i + r) + j)..B * (B * (B * i + r) + j + 1), d])) == 1;
                } }
            }
        }
    }
}

/// The digits of a grid, from one; zero where the cell is a dot.
fn digits(text: &str) -> Vec<usize> {
    let cells = text.chars().filter(|cell| !cell.is_whitespace());
    cells.map(|cell| cell.to_digit(10).unwrap_or(0) as usize).collect()
}

/// One where the cell has the digit.
fn indicators(digits: &[usize]) -> DMatrix<f64> {
    let size = digits.len().isqrt();
    DMatrix::from_fn(digits.len(), size, |cell, digit| f64::from(digits[cell] == digit + 1))
}

/// All ways to fill the grid, by trying.
fn fillings(grid: &mut Vec<usize>, base: usize, found: &mut Vec<Vec<usize>>) {
    let size = base * base;
    let Some(cell) = grid.iter().position(|&digit| digit == 0) else {
        found.push(grid.clone());
        return;
    };
    let group = |cell: usize| {
        let (row, column) = (cell / size, cell % size);
        [row, column, row / base * base + column / base]
    };
    for digit in 1..=size {
        let meets = |other: usize| group(cell).iter().zip(group(other)).any(|(&one, other)| one == other);
        if (0..size * size).all(|other| grid[other] != digit || !meets(other)) {
            grid[cell] = digit;
            fillings(grid, base, found);
        }
    }
    grid[cell] = 0;
}

/// The only filling.
fn answer(clues: &[usize], base: usize) -> Vec<usize> {
    let mut found = Vec::new();
    fillings(&mut clues.to_vec(), base, &mut found);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

const PUZZLE: &str = "53..7.... 6..195... .98....6. 8...6...3 4..8.3..1 7...2...6 .6....28. ...419..5 ....8..79";

#[test]
fn the_most_clues_are_met_by_the_grid() -> Result<(), Error> {
    let clues = digits(PUZZLE);
    let expected = answer(&clues, 3);
    assert_eq!(expected[..9], [5, 3, 4, 6, 7, 8, 9, 1, 2]);
    let expected = indicators(&expected);
    let mut problem = Sudoku::new()?.with_settings(tight());
    let params = SudokuParams {
        clue: SMatrix::from_column_slice(indicators(&clues).as_slice()),
    };
    let solution = problem.solve(&params)?;
    assert_close("objective", &[solution.objective], &[30.0], 1e-8);
    assert_close("grid", solution.vars.x.as_slice(), expected.as_slice(), 1e-7);
    let gradient = solution.objective_gradient()?;
    assert_close("gradient", gradient.clue.as_slice(), expected.as_slice(), 1e-7);
    // Other weights move the value, not the grid.
    let vars = SudokuVars {
        x: SMatrix::from_fn(|cell, digit| ((cell + 3 * digit) as f64).cos()),
    };
    assert!(solution.vjp(&vars)?.clue.amax() < 1e-9);
    check_objective_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn clues_may_be_constraints() -> Result<(), Error> {
    for (text, base) in [("1... ..2. .3.. ...4", 2), (PUZZLE, 3)] {
        let clues = digits(text);
        let expected = indicators(&answer(&clues, base));
        let mut problem = Filled::new(FilledDims { B: base })?.with_settings(tight());
        let (cells, size) = expected.shape();
        let params = FilledParams {
            clue: indicators(&clues),
            weight: DMatrix::from_fn(cells, size, |cell, digit| ((3 * cell + 5 * digit) as f64).sin()),
        };
        let solution = problem.solve(&params)?;
        assert_close("grid", solution.vars.x.as_slice(), expected.as_slice(), 1e-7);
        let gradient = solution.objective_gradient()?;
        assert_close("gradient", gradient.weight.as_slice(), expected.as_slice(), 1e-7);
        // The grid leaves no room for other clues.
        let keep_clues = |direction: &mut FilledParams| direction.clue.fill(0.0);
        check_objective_derivatives(&mut problem, &params, keep_clues, 1e-5)?;
    }
    Ok(())
}
