//! Flat views of the generated structs, and the vector operations that need nothing else.

use sprs::CsStructureView;

/// A generated struct of arrays: the parameters, the variables or the dual variables of a family.
///
/// A field is a scalar, a dense array, whose entries are column-major, or a sparse matrix, whose entries are the stored
/// ones in the order in which they are stored.
pub trait Record: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The name of each field, in declaration order.
    const NAMES: &'static [&'static str];

    /// Rows and columns of a field; a scalar is 1 × 1.
    fn shape(&self, field: usize) -> [usize; 2];

    /// The sparsity pattern of a field, where it is a sparse matrix.
    fn pattern(&self, _field: usize) -> Option<CsStructureView<'_>> {
        None
    }

    /// The entries of a field.
    fn entries(&self, field: usize) -> &[f64];

    /// The entries of a field.
    fn entries_mut(&mut self, field: usize) -> &mut [f64];

    /// `Σ xᵢyᵢ` over all entries of all fields.
    ///
    /// # Panics
    ///
    /// If the shapes or the patterns differ.
    fn dot(&self, other: &Self) -> f64 {
        let fields = 0..Self::NAMES.len();
        let products = fields.map(|field| {
            let (x, y) = same_shape(self, other, field);
            x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>()
        });
        products.sum()
    }

    /// Adds `alpha x` to all entries of all fields.
    ///
    /// # Panics
    ///
    /// If the shapes or the patterns differ.
    fn axpy(&mut self, alpha: f64, x: &Self) {
        for field in 0..Self::NAMES.len() {
            same_shape(self, x, field);
            for (y, x) in self.entries_mut(field).iter_mut().zip(x.entries(field)) {
                *y += alpha * x;
            }
        }
    }

    /// Multiplies all entries of all fields by `alpha`.
    fn scale(&mut self, alpha: f64) {
        for field in 0..Self::NAMES.len() {
            for x in self.entries_mut(field) {
                *x *= alpha;
            }
        }
    }

    /// Sets all entries of all fields.
    fn fill(&mut self, value: f64) {
        for field in 0..Self::NAMES.len() {
            self.entries_mut(field).fill(value);
        }
    }
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

fn same_shape<'a, R: Record>(x: &'a R, y: &'a R, field: usize) -> (&'a [f64], &'a [f64]) {
    assert_eq!(x.shape(field), y.shape(field), "shapes of `{}`", R::NAMES[field]);
    assert!(
        x.pattern(field) == y.pattern(field),
        "patterns of `{}`",
        R::NAMES[field]
    );
    (x.entries(field), y.entries(field))
}
