//! Flat views of the generated structs, and the vector operations that need nothing else.

/// A generated struct of arrays: the parameters, the variables or the dual variables of a family.
///
/// A field is a scalar or a dense array; its entries are column-major.
pub trait Record: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The name of each field, in declaration order.
    const NAMES: &'static [&'static str];

    /// Rows and columns of a field; a scalar is 1 × 1.
    fn shape(&self, field: usize) -> [usize; 2];

    /// The entries of a field, column-major.
    fn entries(&self, field: usize) -> &[f64];

    /// The entries of a field, column-major.
    fn entries_mut(&mut self, field: usize) -> &mut [f64];
}

impl Record for () {
    const NAMES: &'static [&'static str] = &[];

    fn shape(&self, _: usize) -> [usize; 2] {
        [0, 0]
    }

    fn entries(&self, _: usize) -> &[f64] {
        &[]
    }

    fn entries_mut(&mut self, _: usize) -> &mut [f64] {
        &mut []
    }
}

/// `Σ xᵢyᵢ` over all entries of all fields.
///
/// # Panics
///
/// If the shapes differ.
pub fn dot<R: Record>(x: &R, y: &R) -> f64 {
    (0..R::NAMES.len())
        .map(|field| {
            let (x, y) = same_shape(x, y, field);
            x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>()
        })
        .sum()
}

/// `y += alpha x` over all entries of all fields.
///
/// # Panics
///
/// If the shapes differ.
pub fn axpy<R: Record>(y: &mut R, alpha: f64, x: &R) {
    for field in 0..R::NAMES.len() {
        same_shape(x, y, field);
        for (y, x) in y.entries_mut(field).iter_mut().zip(x.entries(field)) {
            *y += alpha * x;
        }
    }
}

/// `x *= alpha` over all entries of all fields.
pub fn scale<R: Record>(x: &mut R, alpha: f64) {
    for field in 0..R::NAMES.len() {
        for x in x.entries_mut(field) {
            *x *= alpha;
        }
    }
}

/// Sets all entries of all fields.
pub fn set<R: Record>(x: &mut R, value: f64) {
    for field in 0..R::NAMES.len() {
        x.entries_mut(field).fill(value);
    }
}

fn same_shape<'a, R: Record>(x: &'a R, y: &'a R, field: usize) -> (&'a [f64], &'a [f64]) {
    assert_eq!(x.shape(field), y.shape(field), "shapes of `{}`", R::NAMES[field]);
    (x.entries(field), y.entries(field))
}
