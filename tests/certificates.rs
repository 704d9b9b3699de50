//! Infeasible and unbounded problems return proofs, and the proofs prove.
#![allow(missing_docs)]

use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Error, cvx};

cvx! {
    problem Bounds(m, n) {
        param a: [m, n];
        param b: [m];
        param radius: nonneg;
        param c: [n];
        var x: [n];
        minimize c.T * x;
        subject_to {
            inside: norm2(x) <= radius;
            rows: a * x >= b;
        }
    }

    problem Ray(n) {
        param c: [n];
        param a: [n];
        var x: [n];
        maximize c.T * x - square(a.T * x);
        subject_to { x >= 0; }
    }
}

#[test]
fn a_ball_that_misses_a_half_space() {
    let mut problem = Bounds::new(BoundsDims { m: 2, n: 3 }).expect("positive");
    let params = BoundsParams {
        a: DMatrix::from_row_slice(2, 3, &[1.0, 2.0, 2.0, 0.0, 1.0, 0.0]),
        b: DVector::from_vec(vec![4.0, -1.0]),
        radius: 1.0,
        c: DVector::from_element(3, 1.0),
    };
    let error = problem.solve(&params).expect_err("the half-space is at distance 4/3");
    assert_eq!(error.to_string(), "`Bounds` is infeasible");
    let Error::Infeasible { certificate, .. } = error else {
        panic!("{error}")
    };

    // On the cone program: z ∈ K*, Aᵀz = 0, bᵀz < 0.
    let program = problem.program(&params).expect("the parameters are good");
    let z = DVector::from_vec(certificate.z.clone());
    let columns = program
        .a
        .outer_iterator()
        .map(|column| column.iter().map(|(row, a)| a * z[row]).sum::<f64>());
    for combination in columns {
        assert!(combination.abs() < 1e-7, "{combination}");
    }
    let b = DVector::from_vec(program.b.clone());
    assert!((b.dot(&z) + 1.0).abs() < 1e-7);
    let mut row = 0;
    for cone in problem.cones() {
        let part = z.rows(row, cone.dim());
        match cone {
            cvxlayers::Cone::Nonneg(_) => assert!(part.min() >= -1e-9),
            cvxlayers::Cone::SecondOrder(dim) => assert!(part[0] >= part.rows(1, dim - 1).norm() - 1e-9),
            cvxlayers::Cone::Zero(_) => {}
            other => panic!("the problem has no {other:?}"),
        }
        row += cone.dim();
    }

    // In the user's terms: λᵀ(Ax) >= λᵀb is out of reach of the ball, as ‖Aᵀλ‖ radius < λᵀb.
    let duals = problem.certificate_duals(&certificate).expect("it is of this problem");
    assert!(duals.rows.min() >= -1e-9);
    assert!((params.a.transpose() * &duals.rows).norm() * params.radius < params.b.dot(&duals.rows) - 1e-6);

    let feasible = BoundsParams { radius: 2.0, ..params };
    assert!(problem.solve(&feasible).is_ok());
}

#[test]
fn an_objective_that_grows_along_a_ray() {
    let mut problem = Ray::new(RayDims { n: 3 }).expect("positive");
    let params = RayParams {
        c: DVector::from_vec(vec![1.0, 1.0, -3.0]),
        a: DVector::from_vec(vec![1.0, -1.0, 0.5]),
    };
    let error = problem.solve(&params).expect_err("x = (t, t, 0) is worth 2 t");
    assert_eq!(error.to_string(), "`Ray` is unbounded");
    let Error::Unbounded { ray, .. } = error else {
        panic!("{error}")
    };
    let direction = problem.ray_vars(&ray).expect("it is of this problem").x;
    assert!(params.c.dot(&direction) > 0.0);
    assert!(params.a.dot(&direction).abs() < 1e-7 * direction.norm());
    assert!(direction.min() >= -1e-9);

    let bounded = RayParams {
        c: DVector::from_element(3, -1.0),
        ..params
    };
    assert!(problem.solve(&bounded).is_ok());
}
