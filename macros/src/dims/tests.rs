//! Of polynomials in dimensions.

use super::*;

fn n() -> Dim {
    Dim::symbol(Symbol::Dim("n".into()))
}

#[test]
fn equality_is_of_polynomials() {
    let one = Dim::one();
    assert_eq!(&(&n() + &one) * &(&n() - &one), &(&n() * &n()) - &one);
    assert_ne!(n(), &n() + &one);
}

#[test]
fn triangular_numbers_add_up() {
    let with_diagonal = Dim::triangle(&n());
    let without = &with_diagonal - &n();
    assert_eq!(&with_diagonal + &without, &n() * &n());
    assert_eq!(Dim::triangle(&Dim::literal(4)).value(), Some(10));
}

#[test]
fn substitution_multiplies_out() {
    let i = Symbol::Index(0);
    let index = Dim::symbol(i.clone());
    let square = &(&index * &index) + &n();
    assert_eq!(
        square.substitute(&i, &(&n() + &Dim::one())).to_string(),
        "n * n + 3 * n + 1"
    );
    assert_eq!((&n() - &index).linear_in(&i), Some((-1, n())));
    assert_eq!(square.linear_in(&i), None);
}

#[test]
fn turns_of_a_triangle_count_its_entries() {
    let outer = Loop::new(Symbol::Loop(0, "i".into()), n());
    let extent = &(&n() - &outer.index()) - &Dim::one();
    let inner = Loop::inside(std::slice::from_ref(&outer), Symbol::Loop(1, "j".into()), extent);
    let inner = inner.expect("falls with the outer index");
    assert_eq!(inner.most.to_string(), "n - 1");
    let (turn, turns) = turn(&[outer.clone(), inner.clone()]);
    assert_eq!(turns, &Dim::triangle(&n()) - &n());
    let size = 5;
    let mut expected = 0;
    for i in 0..size {
        for j in 0..size - i - 1 {
            let at = turn
                .substitute(&Symbol::Dim("n".into()), &Dim::literal(size))
                .substitute(&outer.symbol, &Dim::literal(i))
                .substitute(&inner.symbol, &Dim::literal(j));
            assert_eq!(at.value(), Some(expected));
            expected += 1;
        }
    }
}

#[test]
fn quotients_are_whole_for_all_values() {
    let n = n();
    let m = Dim::symbol(Symbol::Dim("m".into()));
    let pairs = &n * &(&n - &Dim::one());
    assert_eq!(pairs.divided(2), Some(&Dim::triangle(&n) - &n));
    assert_eq!(
        (&pairs * &m).divided(2).map(|dim| dim.to_string()),
        Some("(m * n * n - m * n) / 2".into())
    );
    assert_eq!((&pairs * &(&n + &Dim::one())).divided(6).map(|dim| dim.over), Some(6));
    assert_eq!(pairs.divided(4), None);
    assert_eq!(n.divided(2), None);
    assert_eq!((&m * &n).divided(2), None);
    assert_eq!(n.divided(0), None);
    assert_eq!(Dim::literal(12).divided(4), Some(Dim::literal(3)));
    assert_eq!((&n * &Dim::literal(4)).divided(2), Some(&n * &Dim::literal(2)));
}

#[test]
fn powers_add_up() {
    for power in 0..5_u32 {
        for n in 0..6_usize {
            let expected: usize = (0..n).map(|k| k.pow(power)).sum();
            let sum = sum_of_powers(power as usize, &Dim::literal(n));
            assert_eq!(sum.value(), i64::try_from(expected).ok(), "{power} {n}");
        }
    }
}

#[test]
fn printed_with_positive_terms_first() {
    assert_eq!((&Dim::one() - &n()).to_string(), "1 - n");
    assert_eq!(Dim::triangle(&n()).to_string(), "(n * n + n) / 2");
    assert_eq!((&n() - &n()).to_string(), "0");
}
