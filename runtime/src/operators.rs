//! The operators of the generated structs.

/// What makes a [`Record`](crate::Record) a vector: `+`, `-`, `+=` and `-=`, these also by reference, `* f64`, `f64 *`,
/// `*= f64` and the sign.
#[doc(hidden)]
#[macro_export]
macro_rules! __operators {
    ($item:ident) => {
        const _: () = {
            use $crate::__private::{Add, AddAssign, Mul, MulAssign, Neg, Record, Sub, SubAssign};

            #[automatically_derived]
            impl Add for $item {
                type Output = Self;
                fn add(mut self, other: Self) -> Self {
                    self += &other;
                    self
                }
            }

            #[automatically_derived]
            impl Sub for $item {
                type Output = Self;
                fn sub(mut self, other: Self) -> Self {
                    self -= &other;
                    self
                }
            }

            #[automatically_derived]
            impl Neg for $item {
                type Output = Self;
                fn neg(self) -> Self {
                    self * -1.0
                }
            }

            #[automatically_derived]
            impl Mul<f64> for $item {
                type Output = Self;
                fn mul(mut self, factor: f64) -> Self {
                    self *= factor;
                    self
                }
            }

            #[automatically_derived]
            impl Mul<$item> for f64 {
                type Output = $item;
                fn mul(self, record: $item) -> $item {
                    record * self
                }
            }

            #[automatically_derived]
            impl MulAssign<f64> for $item {
                fn mul_assign(&mut self, factor: f64) {
                    Record::scale(self, factor);
                }
            }

            #[automatically_derived]
            impl AddAssign<&Self> for $item {
                fn add_assign(&mut self, other: &Self) {
                    Record::axpy(self, 1.0, other);
                }
            }

            #[automatically_derived]
            impl SubAssign<&Self> for $item {
                fn sub_assign(&mut self, other: &Self) {
                    Record::axpy(self, -1.0, other);
                }
            }

            #[automatically_derived]
            impl AddAssign for $item {
                fn add_assign(&mut self, other: Self) {
                    *self += &other;
                }
            }

            #[automatically_derived]
            impl SubAssign for $item {
                fn sub_assign(&mut self, other: Self) {
                    *self -= &other;
                }
            }
        };
    };
}
