//! Tokens to AST: grammar only, no meaning.

pub mod ast;
mod constraint;
mod expr;
mod parse;
mod print;

pub use parse::parse;
