//! Differentiable convex optimization layers, canonicalized by the Rust compiler.

mod cones;
mod family;
mod record;

pub use cones::Cone;
pub use family::{Attributes, Entries, EntriesMut, Family, Pattern, Slots};
pub use record::Record;
