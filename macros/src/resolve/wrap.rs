//! What the user knows of an expression, and the compiler takes on trust.

use super::names::Names;
use super::shapes::Call;
use crate::expr::{Expr, ExprRef, Promise};
use crate::sign::Sign;

pub const NAMES: [&str; 5] = ["psd_wrap", "nsd_wrap", "symmetric_wrap", "nonneg_wrap", "nonpos_wrap"];

impl Call<'_> {
    /// The argument with a promise.
    pub fn wrapped(&self, arg: ExprRef, names: &Names<'_>) -> Option<ExprRef> {
        let mut promise = Promise {
            sign: arg.sign,
            definite: arg.definite,
            symmetric: arg.symmetric,
        };
        match self.name.to_string().as_str() {
            "nonneg_wrap" => promise.sign = Sign::NONNEG,
            "nonpos_wrap" => promise.sign = -Sign::NONNEG,
            matrix => {
                self.require_square(&arg, names)?;
                promise.symmetric = true;
                match matrix {
                    "psd_wrap" => promise.definite = Sign::NONNEG,
                    "nsd_wrap" => promise.definite = -Sign::NONNEG,
                    _ => {}
                }
            }
        }
        Some(Expr::promised(arg, promise, self.text.clone(), self.extent))
    }
}
