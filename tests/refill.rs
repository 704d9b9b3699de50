//! A solve touches what its changed parameters reach, and nothing else; the answer is that of a fresh problem.
#![allow(missing_docs)]

use cvxlayers::{EntriesMut, Error, Family, Reach, Record, Slots, cvx};
use cvxlayers_tests::{flat, randomize, tight};
use nalgebra::DMatrix;
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    problem Mpc(T) {
        param a: [4, 4];
        param b: [4, 2];
        param x0: [4];
        param q: [4, 4] psd;
        param r: [2, 2] psd;
        param limit: nonneg;
        param drift: [4];
        var x: [4, T + 1];
        var u: [2, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + quad_form(u[.., t], r)) + norm2(drift);
        subject_to {
            x[.., 0] == x0;
            for t in 0..T { x[.., t + 1] == a * x[.., t] + b * u[.., t] + drift; }
            norm_inf(u) <= limit;
        }
    }

    /// Parameters that meet in one place, and a stack with places that are passed over.
    problem Meeting(n) {
        param c: [n];
        param d: [n];
        param s: [n, n] psd;
        param gamma: nonneg;
        var x: [n];
        var y;
        minimize quad_form(x, s) + sum_squares(multiply(c, x)) + gamma * square(y) + dot(c + d, x) + norm2(c) * y;
        subject_to {
            vstack(multiply(c, x), y)[0..n] <= 1 + gamma + d;
            sum(multiply(d, x)) + dot(c, x) >= y - 1;
        }
    }
}

const FIELDS: usize = 7;
const X0: usize = 2;
const UNTOUCHED: f64 = 1e300;

/// The places that a fill writes to, where only one parameter has changed.
fn touched(field: usize, slots: &Slots, [p, q, a, b]: [usize; 4]) -> [usize; 5] {
    let family = MpcFamily::new(MpcDims { T: 20 }, ()).expect("positive");
    let mut changed = [false; FIELDS];
    changed[field] = true;
    let mut parts = [p, q, a, b].map(|length| vec![UNTOUCHED; length]);
    let [p, q, a, b] = &mut parts;
    let mut r = UNTOUCHED;
    let program = EntriesMut { p, q, a, b, r: &mut r };
    family.fill(&family.zero_params(), Some(&changed), slots, program);
    let count = |part: &[f64]| part.iter().filter(|entry| **entry != UNTOUCHED).count();
    let [p, q, a, b] = &parts;
    [count(p), count(q), count(a), count(b), count(&[r])]
}

#[test]
fn a_new_initial_state_touches_its_own_rows() -> Result<(), Error> {
    let mpc = Mpc::new(MpcDims { T: 20 })?;
    let program = mpc.program(&mpc.zero_params())?;
    let lengths = [program.p.nnz(), program.q.len(), program.a.nnz(), program.b.len()];
    // No slot is looked up: there are none.
    assert_eq!(touched(X0, &Slots::default(), lengths), [0, 0, 0, 4, 0]);
    let reach: Vec<_> = MpcParams::NAMES.iter().zip(MpcFamily::REACH).collect();
    let nothing = Reach::default();
    assert_eq!(reach[0], (&"a", &Reach { a: true, ..nothing }));
    assert_eq!(reach[X0], (&"x0", &Reach { b: true, ..nothing }));
    assert_eq!(reach[3], (&"q", &Reach { p: true, ..nothing }));
    assert_eq!(reach[5], (&"limit", &Reach { b: true, ..nothing }));
    assert_eq!(
        reach[6],
        (
            &"drift",
            &Reach {
                b: true,
                r: true,
                ..nothing
            }
        )
    );
    assert_eq!(touched(6, &Slots::default(), lengths), [0, 0, 0, 80, 1]);
    Ok(())
}

#[test]
fn every_change_is_seen() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(5);
    let mut kept = Meeting::new(MeetingDims { n: 4 })?.with_settings(tight());
    let mut params = kept.zero_params();
    randomize(&mut params, MeetingFamily::ATTRIBUTES, &mut rng);
    params.s = DMatrix::identity(4, 4);
    params.gamma = 0.7;
    kept.solve(&params)?;
    for field in [0, 1, 2, 3, 0, 3, 1] {
        match field {
            2 => params.s *= 1.5,
            3 => params.gamma += 0.1,
            _ => params
                .entries_mut(field)
                .iter_mut()
                .for_each(|entry| *entry = 0.9 * *entry - 0.05),
        }
        let found = kept.solve(&params)?;
        let expected = Meeting::new(MeetingDims { n: 4 })?
            .with_settings(tight())
            .solve(&params)?;
        assert!((found.objective - expected.objective).abs() < 1e-9);
        cvxlayers_tests::assert_close("variables", &flat(&found.vars), &flat(&expected.vars), 1e-8);
    }
    Ok(())
}

/// What was refused leaves nothing behind.
#[test]
fn a_refused_point_does_not_count() -> Result<(), Error> {
    let mut problem = Meeting::new(MeetingDims { n: 2 })?;
    let mut params = problem.zero_params();
    params.s = DMatrix::identity(2, 2);
    params.gamma = 1.0;
    let before = problem.solve(&params)?;
    let mut huge = params.clone();
    huge.c.fill(1e200);
    assert!(matches!(problem.solve(&huge), Err(Error::NotFiniteProgram { .. })));
    let after = problem.solve(&params)?;
    assert_eq!(flat(&before.vars), flat(&after.vars));
    Ok(())
}
