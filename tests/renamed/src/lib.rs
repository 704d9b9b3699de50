//! The macro works under whatever name a user gives the crate, and in another crate's public interface.

layers::cvx! {
    /// The projection onto the unit box.
    pub problem Clamp(n) {
        /// The point.
        param a: [n];
        /// Its projection.
        var x: [n];
        minimize sum_squares(x - a);
        subject_to { -1 <= x <= 1; }
    }
}

#[cfg(test)]
mod tests {
    use super::{Clamp, ClampDims, ClampParams};

    #[test]
    fn clamps() -> Result<(), layers::Error> {
        let mut clamp = Clamp::new(ClampDims { n: 2 })?;
        let a = layers::nalgebra::DVector::from_vec(vec![3.0, 0.5]);
        let solution = clamp.solve(&ClampParams { a })?;
        assert!((solution.vars.x[0] - 1.0).abs() < 1e-6);
        assert!((solution.vars.x[1] - 0.5).abs() < 1e-6);
        Ok(())
    }
}
