cvxlayers::cvx! {
    pub struct P { x: f64 }
}

fn main() {}
