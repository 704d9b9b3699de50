use super::Clarabel;
use crate::family::Reach;
use crate::solver::{Solver, Verdict};
use crate::{Cone, Matrix, Program, Settings, Status};

const CONES: [Cone; 2] = [Cone::Zero(1), Cone::Nonneg(3)];

/// `minimize ½xᵀPx + qᵀx` over the scaled simplex, in three variables.
fn program(scale: [f64; 3], size: f64) -> Program {
    let starts = |starts: &[u32]| starts.to_vec().into();
    let [x, y, z] = scale;
    Program {
        p: Matrix::new_csc(
            (3, 3),
            starts(&[0, 1, 3, 5]),
            starts(&[0, 0, 1, 1, 2]),
            vec![2.0 * x * x, 0.5 * x * y, 1.0 * y * y, -0.3 * y * z, 3.0 * z * z],
        ),
        q: vec![-1.0, 0.7, 0.2],
        a: Matrix::new_csc(
            (4, 3),
            starts(&[0, 2, 4, 6]),
            starts(&[0, 1, 0, 2, 0, 3]),
            vec![x, -x, y, -y, z, -z],
        ),
        b: vec![size, 0.0, 0.0, 0.0],
        r: 0.0,
    }
}

fn solve(solver: &mut Clarabel, program: &Program) -> Vec<f64> {
    let answer = solver.solve(program, Reach::ALL, &CONES, &Settings::default());
    assert_eq!(answer.verdict, Verdict::Optimal(Status::Solved));
    [answer.x, answer.s, answer.z].concat()
}

#[test]
fn what_is_built_again_answers_as_if_it_had_always_been_there() {
    let first = program([1.0, 30.0, 0.02], 1.0);
    let later = [program([0.4, 2.0, 5.0], 2.0), program([1.0, 3.0, 0.1], 1e-4)];
    for program in &later {
        let (mut one, mut other) = (Clarabel::default(), Clarabel::default());
        solve(&mut one, &first);
        solve(&mut other, &first);
        // As after a panic.
        other.instance = None;
        let answers = [&mut one, &mut other].map(|solver| solve(solver, program));
        assert_eq!(answers[0], answers[1]);
        assert_ne!(
            answers[0],
            solve(&mut Clarabel::default(), program),
            "the first program matters"
        );
    }
}

#[test]
fn an_answer_does_not_depend_on_what_came_between() {
    let programs = [[1.0, 30.0, 0.02], [0.4, 2.0, 5.0], [1e-3, 1.0, 2.0]].map(|scale| program(scale, 1.0));
    let mut solver = Clarabel::default();
    let answer = solve(&mut solver, &programs[0]);
    solve(&mut solver, &programs[1]);
    let third = solve(&mut solver, &programs[2]);
    assert_eq!(answer, solve(&mut solver, &programs[0]));
    let mut other = Clarabel::default();
    solve(&mut other, &programs[0]);
    assert_eq!(third, solve(&mut other, &programs[2]));
}
