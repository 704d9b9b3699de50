//! A solve touches what its changed parameters reach, and nothing else; the answer is that of a fresh problem.
#![allow(missing_docs)]

use cvxlayers::{Entries, EntriesMut, Error, Family, Method, Reach, Record, Slots, cvx};
use cvxlayers_tests::{flat, randomize, tight};
use nalgebra::DMatrix;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

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

    /// Matrices whose places are met by others, and some that are not.
    problem Runs(m, n, T) {
        param a: [m, n];
        param b: [m, n];
        param c: [n, m];
        param s: [n, n] psd;
        param t: [n, n] psd;
        param d: [n];
        param gamma: pos;
        var x: [n];
        var y: [n, T];
        var z: [m];
        minimize quad_form(x, s) + gamma * quad_form(x, t) + sum(k in 0..T, quad_form(y[.., k], t))
            + sum_squares(multiply(d, x)) + sum_squares(a * x);
        subject_to {
            a * x + gamma * (b * x) <= c.T * x;
            for k in 0..T { (a * y[.., k]) / gamma == z; }
            for k in 1..T { dot(d, y[.., k]) + sum(gamma * x) <= d; multiply(d, y[.., k - 1]) >= c * z; }
            norm2(b * x) <= gamma;
        }
    }
}

/// The numbers of a program.
struct Numbers {
    parts: [Vec<f64>; 4],
    r: f64,
}

impl Numbers {
    fn new(problem: &Runs) -> Result<Self, Error> {
        let mut params = problem.zero_params();
        params.gamma = 1.0;
        let program = problem.program(&params)?;
        let lengths = [program.p.nnz(), program.q.len(), program.a.nnz(), program.b.len()];
        let parts = lengths.map(|length| vec![0.0; length]);
        Ok(Self { parts, r: 0.0 })
    }

    fn entries_mut(&mut self) -> EntriesMut<'_> {
        let ([p, q, a, b], r) = (&mut self.parts, &mut self.r);
        EntriesMut { p, q, a, b, r }
    }

    fn entries(&self) -> Entries<'_> {
        let ([p, q, a, b], r) = (&self.parts, self.r);
        Entries { p, q, a, b, r }
    }

    fn flat(&self) -> Vec<f64> {
        self.parts.iter().flatten().copied().chain([self.r]).collect()
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

/// Whatever has changed before: each entry is what a fill of zeros makes it.
#[test]
fn a_partial_fill_is_a_whole_one() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(8);
    for (m, n, turns) in [(1, 1, 2), (3, 4, 2), (5, 2, 4), (9, 9, 3)] {
        let problem = Runs::new(RunsDims { m, n, T: turns })?;
        let (family, slots) = problem.map();
        assert!(slots.a_alone.contains(&true) && slots.a_alone.contains(&false));
        assert!(slots.p_alone.contains(&true) && slots.p_alone.contains(&false));
        let mut params = problem.zero_params();
        randomize(&mut params, &[], &mut rng);
        let mut kept = Numbers::new(&problem)?;
        family.fill(&params, None, slots, kept.entries_mut());
        for _ in 0..40 {
            let changed: Vec<_> = RunsParams::NAMES.iter().map(|_| rng.random_bool(0.3)).collect();
            for field in (0..changed.len()).filter(|field| changed[*field]) {
                let entries = params.entries_mut(field).iter_mut();
                entries.for_each(|entry| *entry = rng.random_range(0.5..1.5));
            }
            family.fill(&params, Some(&changed), slots, kept.entries_mut());
            let mut fresh = Numbers::new(&problem)?;
            family.fill(&params, None, slots, fresh.entries_mut());
            assert_eq!(kept.flat(), fresh.flat());
        }
    }
    Ok(())
}

#[test]
fn the_derivative_of_a_fill_is_its_slope_and_its_adjoint_is_one() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(9);
    let problem = Runs::new(RunsDims { m: 4, n: 3, T: 3 })?;
    let (family, slots) = problem.map();
    let [mut params, mut direction, mut gradient] = [(); 3].map(|()| problem.zero_params());
    randomize(&mut params, RunsFamily::ATTRIBUTES, &mut rng);
    randomize(&mut direction, RunsFamily::ATTRIBUTES, &mut rng);
    params.gamma = 0.7;
    let filled_at = |step: f64| {
        let (mut moved, mut numbers) = (params.clone(), Numbers::new(&problem)?);
        for field in 0..RunsParams::NAMES.len() {
            for (entry, change) in moved.entries_mut(field).iter_mut().zip(direction.entries(field)) {
                *entry += step * change;
            }
        }
        family.fill(&moved, None, slots, numbers.entries_mut());
        Ok(numbers.flat())
    };
    let (above, below) = (filled_at(1e-5)?, filled_at(-1e-5)?);
    let slope: Vec<_> = above
        .iter()
        .zip(below)
        .map(|(above, below)| (above - below) / 2e-5)
        .collect();
    let (mut tangent, mut cotangent) = (Numbers::new(&problem)?, Numbers::new(&problem)?);
    family.fill_tangent(&params, &direction, slots, tangent.entries_mut());
    cvxlayers_tests::assert_close("tangent", &tangent.flat(), &slope, 1e-9);

    for part in &mut cotangent.parts {
        part.fill_with(|| rng.random_range(-1.0..1.0));
    }
    family.fill_adjoint(&params, slots, cotangent.entries(), &mut gradient);
    let (one, other) = (
        gradient.dot(&direction),
        tangent.flat().into_iter().zip(cotangent.flat()),
    );
    let other: f64 = other.map(|(tangent, cotangent)| tangent * cotangent).sum();
    assert!((one - other).abs() <= 1e-12 * (1.0 + one.abs()), "{one} and {other}");
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

/// What changes while one method solves is new to the other.
#[test]
fn the_method_may_change_between_solves() -> Result<(), Error> {
    let mut problem = Mpc::new(MpcDims { T: 3 })?;
    let mut params = MpcParams {
        a: nalgebra::SMatrix::from_fn(|i, j| if i == j { 0.9 } else { 0.1 }),
        b: nalgebra::SMatrix::from_fn(|i, j| ((i + 2 * j) as f64).cos()),
        x0: nalgebra::SVector::from_element(1.0),
        q: nalgebra::SMatrix::identity(),
        r: nalgebra::SMatrix::identity(),
        limit: 2.0,
        ..problem.zero_params()
    };
    problem.settings_mut().method = Method::Clarabel;
    problem.solve(&params)?;
    problem.settings_mut().method = Method::Auto;
    params.a *= 0.5;
    problem.solve(&params)?;
    params.x0 *= 1.5;
    let expected = problem.solve(&params)?;
    params.x0 /= 1.5;
    problem.solve(&params)?;
    problem.settings_mut().method = Method::Clarabel;
    // Since the last solve only `x0` has changed.
    params.x0 *= 1.5;
    let found = problem.solve(&params)?;
    for (found, expected) in flat(&found.vars).iter().zip(flat(&expected.vars)) {
        assert!((found - expected).abs() <= 1e-5, "{found} {expected}");
    }
    Ok(())
}
