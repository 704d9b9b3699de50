//! The relaxation of number puzzles: a cell has a fraction of each digit.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_objective_derivatives, tight};
use nalgebra::SMatrix;

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
                    sum(r in 0..B, sum(x[N * (B * i + r) + B * j..N * (B * i + r) + B * j + B, d])) == 1;
                } }
            }
        }
    }

    /// The same on the smaller grid, where the clues are constraints: the feasible set is a point.
    problem Shidoku {
        const B: usize = 2;
        const N: usize = B * B;
        param clue: [N * N, N] nonneg;
        param weight: [N * N, N];
        var x: [N * N, N];
        maximize sum(multiply(weight, x));
        subject_to {
            x >= clue;
            for cell in 0..N * N { sum(x[cell, ..]) == 1; }
            for d in 0..N {
                for i in 0..N {
                    sum(x[N * i..N * i + N, d]) == 1;
                    sum(r in 0..N, x[N * r + i, d]) == 1;
                }
                for i in 0..B { for j in 0..B {
                    sum(r in 0..B, sum(x[N * (B * i + r) + B * j..N * (B * i + r) + B * j + B, d])) == 1;
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
fn indicators<const CELLS: usize, const DIGITS: usize>(digits: &[usize]) -> SMatrix<f64, CELLS, DIGITS> {
    assert_eq!(digits.len(), CELLS);
    SMatrix::from_fn(|cell, digit| f64::from(digits[cell] == digit + 1))
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
    let expected = indicators::<81, 9>(&expected);
    let mut problem = Sudoku::new()?.with_settings(tight());
    let params = SudokuParams {
        clue: indicators(&clues),
    };
    let solution = problem.solve(&params)?;
    assert_close("objective", &[solution.objective], &[30.0], 1e-8);
    assert_close("grid", solution.vars.x.as_slice(), expected.as_slice(), 1e-7);
    let gradient = solution.objective_gradient()?;
    assert_close("gradient", gradient.clue.as_slice(), expected.as_slice(), 1e-7);
    check_objective_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn clues_may_be_constraints() -> Result<(), Error> {
    let clues = digits("1... ..2. .3.. ...4");
    let expected = indicators::<16, 4>(&answer(&clues, 2));
    let mut problem = Shidoku::new()?.with_settings(tight());
    let params = ShidokuParams {
        clue: indicators(&clues),
        weight: SMatrix::from_fn(|cell, digit| ((3 * cell + 5 * digit) as f64).sin()),
    };
    let solution = problem.solve(&params)?;
    assert_close("grid", solution.vars.x.as_slice(), expected.as_slice(), 1e-7);
    let gradient = solution.objective_gradient()?;
    assert_close("gradient", gradient.weight.as_slice(), expected.as_slice(), 1e-7);
    // The grid leaves no room for other clues.
    let keep_clues = |direction: &mut ShidokuParams| direction.clue.fill(0.0);
    check_objective_derivatives(&mut problem, &params, keep_clues, 1e-5)
}
