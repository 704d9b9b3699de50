//! Every routine against the sums that define it, over all options, and matrices inside of larger
//! arrays, of which nothing else may change.

#![cfg(not(target_os = "macos"))]
#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "every pointer is one of the vector next to it"
)]

use std::ffi::{c_char, c_int};

use cvxlayers_blas::{dgemm_, dgesdd_, dgesvd_, dpotrf_, dpotrs_, dsyevr_, dsyr2k_, dsyrk_};

const SIZES: [usize; 6] = [1, 2, 3, 5, 17, 40];
/// What stands outside of a matrix.
const OUTSIDE: f64 = 77.0;

/// A matrix in an array with two rows too many.
#[derive(Clone, Debug)]
struct Matrix {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
}

impl Matrix {
    fn filled(rows: usize, columns: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut matrix = Self {
            rows,
            columns,
            data: vec![OUTSIDE; (rows + 2) * columns],
        };
        for j in 0..columns {
            for i in 0..rows {
                matrix.set(i, j, entry(i, j));
            }
        }
        matrix
    }

    fn random(rows: usize, columns: usize, seed: &mut u64) -> Self {
        Self::filled(rows, columns, |_, _| {
            for (left, shift) in [(true, 13), (false, 7), (true, 17)] {
                *seed ^= if left { *seed << shift } else { *seed >> shift };
            }
            (*seed >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        })
    }

    fn ld(&self) -> c_int {
        (self.rows + 2) as c_int
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.data[i + (self.rows + 2) * j]
    }

    fn set(&mut self, i: usize, j: usize, value: f64) {
        self.data[i + (self.rows + 2) * j] = value;
    }

    fn transposed(&self) -> Self {
        Self::filled(self.columns, self.rows, |i, j| self.at(j, i))
    }

    fn times(&self, other: &Self) -> Self {
        assert_eq!(self.columns, other.rows);
        Self::filled(self.rows, other.columns, |i, j| {
            (0..self.columns).map(|k| self.at(i, k) * other.at(k, j)).sum()
        })
    }

    /// All of the array: what is outside is compared too.
    fn distance(&self, other: &Self) -> f64 {
        assert_eq!((self.rows, self.columns), (other.rows, other.columns));
        let pairs = self.data.iter().zip(&other.data);
        pairs.fold(0.0, |worst, (one, other)| {
            let distance = (one - other).abs();
            if distance.is_nan() {
                f64::NAN
            } else {
                f64::max(worst, distance)
            }
        })
    }
}

fn letter(option: u8) -> c_char {
    option as c_char
}

fn int(value: usize) -> c_int {
    value as c_int
}

fn op(trans: u8, matrix: &Matrix) -> Matrix {
    if trans == b'N' {
        matrix.clone()
    } else {
        matrix.transposed()
    }
}

/// Whether a triangle has an entry.
fn has(uplo: u8, i: usize, j: usize) -> bool {
    if uplo == b'U' { i <= j } else { i >= j }
}

#[test]
fn general_products() {
    let mut seed = 1;
    for (m, n, k) in [
        (1, 1, 1),
        (2, 3, 4),
        (5, 5, 5),
        (17, 4, 9),
        (40, 33, 21),
        (3, 2, 0),
        (0, 2, 3),
        (2, 0, 3),
    ] {
        for (transa, transb) in [
            (b'N', b'N'),
            (b'N', b'T'),
            (b'T', b'N'),
            (b'T', b'T'),
            (b'c', b't'),
            (b'n', b'C'),
        ] {
            for (alpha, beta) in [(1.0, 0.0), (1.0, 1.0), (-0.5, 2.0), (0.0, 3.0), (2.0, -1.0), (0.0, 0.0)] {
                let (plain_a, plain_b) = (Matrix::random(m, k, &mut seed), Matrix::random(k, n, &mut seed));
                let is_n = |trans: u8| trans.eq_ignore_ascii_case(&b'N');
                let a = if is_n(transa) {
                    plain_a.clone()
                } else {
                    plain_a.transposed()
                };
                let b = if is_n(transb) {
                    plain_b.clone()
                } else {
                    plain_b.transposed()
                };
                let mut c = Matrix::random(m, n, &mut seed);
                let product = plain_a.times(&plain_b);
                let expected = Matrix::filled(m, n, |i, j| alpha * product.at(i, j) + beta * c.at(i, j));
                if beta == 0.0 && m * n > 0 {
                    c.set(0, 0, f64::NAN);
                }
                unsafe {
                    dgemm_(
                        &letter(transa),
                        &letter(transb),
                        &int(m),
                        &int(n),
                        &int(k),
                        &alpha,
                        a.data.as_ptr(),
                        &a.ld(),
                        b.data.as_ptr(),
                        &b.ld(),
                        &beta,
                        c.data.as_mut_ptr(),
                        &c.ld(),
                    );
                }
                assert!(c.distance(&expected) < 1e-13, "{m} {n} {k}");
            }
        }
    }
}

#[test]
fn symmetric_products() {
    let mut seed = 2;
    for (n, k) in [(1, 1), (2, 3), (5, 5), (17, 6), (6, 17), (40, 40), (3, 0), (0, 3)] {
        for (uplo, trans) in [(b'U', b'N'), (b'U', b'T'), (b'L', b'N'), (b'L', b'T')] {
            for (alpha, beta) in [(1.0, 0.0), (1.0, 1.0), (0.5, 0.0), (-2.0, 3.0), (0.0, 2.0), (0.0, 0.0)] {
                let (plain_a, plain_b) = (Matrix::random(n, k, &mut seed), Matrix::random(n, k, &mut seed));
                let (a, b) = (op(trans, &plain_a), op(trans, &plain_b));
                let start = Matrix::random(n, n, &mut seed);
                let one = plain_a.times(&plain_a.transposed());
                let two = plain_a.times(&plain_b.transposed());
                let expect = |product: &dyn Fn(usize, usize) -> f64| {
                    Matrix::filled(n, n, |i, j| match has(uplo, i, j) {
                        true => alpha * product(i, j) + beta * start.at(i, j),
                        false => start.at(i, j),
                    })
                };
                let mut c = start.clone();
                if beta == 0.0 && n > 0 {
                    c.set(0, 0, f64::NAN);
                }
                let mut c2 = c.clone();
                unsafe {
                    dsyrk_(
                        &letter(uplo),
                        &letter(trans),
                        &int(n),
                        &int(k),
                        &alpha,
                        a.data.as_ptr(),
                        &a.ld(),
                        &beta,
                        c.data.as_mut_ptr(),
                        &c.ld(),
                    );
                    dsyr2k_(
                        &letter(uplo),
                        &letter(trans),
                        &int(n),
                        &int(k),
                        &alpha,
                        a.data.as_ptr(),
                        &a.ld(),
                        b.data.as_ptr(),
                        &b.ld(),
                        &beta,
                        c2.data.as_mut_ptr(),
                        &c2.ld(),
                    );
                }
                assert!(c.distance(&expect(&|i, j| one.at(i, j))) < 1e-13, "{n} {k}");
                assert!(
                    c2.distance(&expect(&|i, j| two.at(i, j) + two.at(j, i))) < 1e-13,
                    "{n} {k}"
                );
            }
        }
    }
}

fn potrf(uplo: u8, a: &mut Matrix) -> c_int {
    let mut info = 99;
    unsafe { dpotrf_(&letter(uplo), &int(a.rows), a.data.as_mut_ptr(), &a.ld(), &mut info) };
    info
}

#[test]
fn cholesky() {
    let mut seed = 3;
    for n in SIZES {
        for uplo in [b'L', b'U'] {
            let g = Matrix::random(n, n, &mut seed);
            let gram = g.times(&g.transposed());
            let full = Matrix::filled(n, n, |i, j| gram.at(i, j) + if i == j { 0.5 } else { 0.0 });
            // The other triangle is neither read nor written.
            let mut a = Matrix::filled(n, n, |i, j| if has(uplo, i, j) { full.at(i, j) } else { OUTSIDE });
            assert_eq!(potrf(uplo, &mut a), 0);
            let factor = Matrix::filled(n, n, |i, j| if has(uplo, i, j) { a.at(i, j) } else { 0.0 });
            let product = match uplo {
                b'L' => factor.times(&factor.transposed()),
                _ => factor.transposed().times(&factor),
            };
            assert!(product.distance(&full) < 1e-13 * n as f64);
            for i in 0..n {
                assert!(a.at(i, i) > 0.0);
                for j in 0..n {
                    assert!(has(uplo, i, j) || a.at(i, j) == OUTSIDE, "{n} {i} {j}");
                }
            }

            let x = Matrix::random(n, 3, &mut seed);
            let mut b = full.times(&x);
            let mut info = 99;
            unsafe {
                dpotrs_(
                    &letter(uplo),
                    &int(n),
                    &3,
                    a.data.as_ptr(),
                    &a.ld(),
                    b.data.as_mut_ptr(),
                    &b.ld(),
                    &mut info,
                );
            }
            assert_eq!(info, 0);
            assert!(b.distance(&x) < 1e-12 * n as f64);

            // The first minor that is not positive.
            for bad in 0..n {
                for value in [0.0, -1.0, f64::NAN] {
                    let mut a = Matrix::filled(n, n, |i, j| if i == j { 1.0 } else { 0.0 });
                    a.set(bad, bad, value);
                    assert_eq!(potrf(uplo, &mut a), int(bad) + 1, "{n} {value}");
                }
            }
        }
    }
    let mut a = Matrix::filled(2, 2, |_, _| 1.0);
    assert_eq!(potrf(b'X', &mut a), -1);
}

fn syevr(jobz: u8, uplo: u8, a: &mut Matrix) -> (c_int, Vec<f64>, Matrix) {
    let n = a.rows;
    let mut z = Matrix::filled(n, n, |_, _| 0.0);
    let (mut w, mut support, mut work, mut iwork) = (vec![0.0; n], vec![0; 2 * n], vec![1.0], vec![1]);
    let (mut lwork, mut liwork, mut m, mut info) = (-1, -1, 0, 99);
    for _ in 0..2 {
        unsafe {
            dsyevr_(
                &letter(jobz),
                &letter(b'A'),
                &letter(uplo),
                &int(n),
                a.data.as_mut_ptr(),
                &a.ld(),
                &0.0,
                &0.0,
                &0,
                &0,
                &-1.0,
                &mut m,
                w.as_mut_ptr(),
                z.data.as_mut_ptr(),
                &z.ld(),
                support.as_mut_ptr(),
                work.as_mut_ptr(),
                &lwork,
                iwork.as_mut_ptr(),
                &liwork,
                &mut info,
            );
        }
        if info != 0 {
            return (info, w, z);
        }
        (lwork, liwork) = (work[0] as c_int, iwork[0]);
        work.resize(lwork as usize, 0.0);
        iwork.resize(liwork as usize, 0);
    }
    assert_eq!(m, int(n));
    (info, w, z)
}

#[test]
fn eigenvalues() {
    let mut seed = 4;
    for n in SIZES {
        for uplo in [b'U', b'L'] {
            let g = Matrix::random(n, n, &mut seed);
            // Of full rank, of rank one, and zero.
            let rank_one = Matrix::filled(n, n, |i, j| g.at(i, 0) * g.at(j, 0));
            let full = Matrix::filled(n, n, |i, j| g.at(i, j) + g.at(j, i));
            let zero = Matrix::filled(n, n, |_, _| 0.0);
            for full in [full, rank_one, zero] {
                let half = Matrix::filled(n, n, |i, j| if has(uplo, i, j) { full.at(i, j) } else { f64::NAN });
                let (info, alone, _) = syevr(b'N', uplo, &mut half.clone());
                assert_eq!(info, 0);
                let (info, values, vectors) = syevr(b'V', uplo, &mut half.clone());
                assert_eq!(info, 0);
                assert!(values.windows(2).all(|pair| pair[0] <= pair[1]));
                for (one, other) in values.iter().zip(&alone) {
                    assert!((one - other).abs() < 1e-13 * n as f64);
                }
                let scaled = Matrix::filled(n, n, |i, j| vectors.at(i, j) * values[j]);
                assert!(scaled.times(&vectors.transposed()).distance(&full) < 1e-13 * n as f64);
                let identity = Matrix::filled(n, n, |i, j| if i == j { 1.0 } else { 0.0 });
                assert!(vectors.transposed().times(&vectors).distance(&identity) < 1e-13 * n as f64);
            }
        }
    }
    let mut bad = Matrix::filled(3, 3, |_, _| f64::NAN);
    let (info, values, _) = syevr(b'V', b'U', &mut bad);
    assert_eq!(info, 0);
    assert!(values.iter().all(|value| value.is_nan()));
    assert_eq!(syevr(b'V', b'?', &mut bad).0, -3);
}

fn svd(divide: bool, job: u8, a: &mut Matrix) -> (c_int, Vec<f64>, Matrix, Matrix) {
    let (m, n) = (a.rows, a.columns);
    let size = m.min(n);
    let (u_columns, vt_rows) = if job == b'A' { (m, n) } else { (size, size) };
    let mut u = Matrix::filled(m, u_columns, |_, _| 0.0);
    let mut vt = Matrix::filled(vt_rows, n, |_, _| 0.0);
    let (mut s, mut work, mut iwork) = (vec![0.0; size], vec![1.0], vec![0; 8 * size]);
    let (mut lwork, mut info) = (-1, 99);
    for _ in 0..2 {
        unsafe {
            if divide {
                dgesdd_(
                    &letter(job),
                    &int(m),
                    &int(n),
                    a.data.as_mut_ptr(),
                    &a.ld(),
                    s.as_mut_ptr(),
                    u.data.as_mut_ptr(),
                    &u.ld(),
                    vt.data.as_mut_ptr(),
                    &vt.ld(),
                    work.as_mut_ptr(),
                    &lwork,
                    iwork.as_mut_ptr(),
                    &mut info,
                );
            } else {
                dgesvd_(
                    &letter(job),
                    &letter(job),
                    &int(m),
                    &int(n),
                    a.data.as_mut_ptr(),
                    &a.ld(),
                    s.as_mut_ptr(),
                    u.data.as_mut_ptr(),
                    &u.ld(),
                    vt.data.as_mut_ptr(),
                    &vt.ld(),
                    work.as_mut_ptr(),
                    &lwork,
                    &mut info,
                );
            }
        }
        if info != 0 {
            return (info, s, u, vt);
        }
        lwork = work[0] as c_int;
        work.resize(lwork as usize, 0.0);
    }
    (info, s, u, vt)
}

#[test]
fn singular_values() {
    let mut seed = 5;
    for (m, n) in [(1, 1), (2, 2), (4, 4), (7, 4), (4, 7), (33, 33), (60, 5), (5, 60)] {
        let random = Matrix::random(m, n, &mut seed);
        let rank_one = Matrix::filled(m, n, |i, j| random.at(i, 0) * random.at(0, j));
        for matrix in [random, rank_one] {
            for (divide, job) in [(true, b'S'), (false, b'S'), (true, b'A'), (false, b'A')] {
                let (info, s, u, vt) = svd(divide, job, &mut matrix.clone());
                assert_eq!(info, 0);
                assert!(s.windows(2).all(|pair| pair[0] >= pair[1]) && s.iter().all(|s| *s >= 0.0));
                let scaled = Matrix::filled(vt.rows, n, |i, j| s.get(i).map_or(0.0, |s| s * vt.at(i, j)));
                let padded = Matrix::filled(u.columns, n, |i, j| if i < vt.rows { scaled.at(i, j) } else { 0.0 });
                assert!(u.times(&padded).distance(&matrix) < 1e-12);
                let columns = u.transposed().times(&u);
                let identity = Matrix::filled(u.columns, u.columns, |i, j| if i == j { 1.0 } else { 0.0 });
                assert!(columns.distance(&identity) < 1e-12);
                let rows = vt.times(&vt.transposed());
                let identity = Matrix::filled(vt.rows, vt.rows, |i, j| if i == j { 1.0 } else { 0.0 });
                assert!(rows.distance(&identity) < 1e-12);
                let (info, alone, _, _) = svd(divide, b'N', &mut matrix.clone());
                assert_eq!(info, 0);
                assert!(s.iter().zip(&alone).all(|(one, other)| (one - other).abs() < 1e-12));
            }
        }
    }
    let mut bad = Matrix::filled(4, 4, |_, _| f64::INFINITY);
    let (info, s, _, _) = svd(true, b'S', &mut bad);
    assert_eq!(info, 0);
    assert!(s.iter().all(|s| s.is_nan()));
    assert_eq!(svd(true, b'O', &mut bad).0, -1);
    assert_eq!(svd(false, b'?', &mut bad).0, -1);
}

/// Sums of squares would leave the range of numbers.
#[test]
fn sizes_at_the_ends_of_the_range() {
    let mut seed = 6;
    for size in [1e-290, 1e-170, 1e170, 1e290] {
        let g = Matrix::random(6, 6, &mut seed);
        let mut a = Matrix::filled(6, 6, |i, j| size * (g.at(i, j) + g.at(j, i)));
        let (info, values, _) = syevr(b'V', b'U', &mut a.clone());
        assert_eq!(info, 0);
        let (info, s, _, _) = svd(true, b'S', &mut a);
        assert_eq!(info, 0);
        let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        assert!((s[0] / largest - 1.0).abs() < 1e-12, "{} {largest}", s[0] / size);
    }
}
