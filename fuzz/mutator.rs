//! Slips of the pen: small changes of a token stream that leave its brackets balanced.

use std::ops::Range;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One of these a line.
const VOCABULARY: &str = include_str!("vocabulary.txt");
const MOST_SLIPS: usize = 4;

/// Pseudo-random decisions: the same for the same seed.
pub struct Mutator {
    state: u64,
}

/// A token, or one end of a group.
#[derive(Clone)]
enum Piece {
    Token(String, Spacing),
    Open(&'static str),
    Close(&'static str),
}

impl Mutator {
    pub fn new(seed: u64) -> Mutator {
        Mutator { state: seed }
    }

    /// Makes a few slips in `source`, some with what stands in one of the `others`. None where it is no token stream.
    pub fn mutate(&mut self, source: &str, others: &[String]) -> Option<String> {
        let mut pieces = pieces_of(source)?;
        for _ in 0..=self.below(MOST_SLIPS) {
            self.slip(&mut pieces, others);
        }
        Some(print(&pieces))
    }

    /// A number from 0 to below `bound`, which is positive.
    pub fn below(&mut self, bound: usize) -> usize {
        // SplitMix64 (Steele, Lea, Flood, 2014).
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed % bound as u64) as usize
    }

    fn slip(&mut self, pieces: &mut Vec<Piece>, others: &[String]) {
        let here = self.unit(pieces);
        match self.below(10) {
            0 => {
                pieces.drain(here);
            }
            1 => {
                let copy = pieces[here.clone()].to_vec();
                pieces.splice(here.start..here.start, copy);
            }
            2 => {
                let copy = pieces[self.unit(pieces)].to_vec();
                pieces.splice(here, copy);
            }
            3 => self.exchange(pieces),
            4 => {
                pieces.splice(here, self.word());
            }
            5 => {
                pieces.splice(here.start..here.start, self.word());
            }
            6 => self.rename(pieces),
            7 => self.wrap(pieces, here),
            8 if here.len() > 1 => {
                pieces.remove(here.end - 1);
                pieces.remove(here.start);
            }
            _ => {
                let part = self.part_of(others);
                let replaced = if self.below(2) == 0 {
                    here
                } else {
                    here.start..here.start
                };
                pieces.splice(replaced, part);
            }
        }
    }

    /// A token or a whole group.
    fn unit(&mut self, pieces: &[Piece]) -> Range<usize> {
        if pieces.is_empty() {
            return 0..0;
        }
        unit_at(pieces, self.below(pieces.len()))
    }

    /// Two units change places.
    fn exchange(&mut self, pieces: &mut Vec<Piece>) {
        let (a, b) = (self.unit(pieces), self.unit(pieces));
        let (first, second) = if a.start < b.start { (a, b) } else { (b, a) };
        // One may hold the other.
        if first.end <= second.start {
            let (early, late) = (pieces[first.clone()].to_vec(), pieces[second.clone()].to_vec());
            pieces.splice(second, early);
            pieces.splice(first, late);
        }
    }

    /// A name or number becomes another one of the same source.
    fn rename(&mut self, pieces: &mut [Piece]) {
        let word =
            |piece: &Piece| matches!(piece, Piece::Token(text, _) if text.starts_with(|c: char| c.is_alphanumeric()));
        let words: Vec<usize> = (0..pieces.len()).filter(|place| word(&pieces[*place])).collect();
        if !words.is_empty() {
            let (from, to) = (words[self.below(words.len())], words[self.below(words.len())]);
            pieces[to] = pieces[from].clone();
        }
    }

    /// A unit becomes the argument of something.
    fn wrap(&mut self, pieces: &mut Vec<Piece>, here: Range<usize>) {
        let (open, close) = [("(", ")"), ("[", "]"), ("(", ")"), ("{", "}")][self.below(4)];
        let mut wrapped = if self.below(2) == 0 { self.word() } else { Vec::new() };
        wrapped.push(Piece::Open(open));
        wrapped.extend_from_slice(&pieces[here.clone()]);
        wrapped.push(Piece::Close(close));
        pieces.splice(here, wrapped);
    }

    fn word(&mut self) -> Vec<Piece> {
        let words = VOCABULARY.lines();
        let word = words
            .clone()
            .nth(self.below(words.count()))
            .expect("a line below their number");
        pieces_of(word).expect("the vocabulary is tokens")
    }

    /// Up to a statement of another source.
    fn part_of(&mut self, others: &[String]) -> Vec<Piece> {
        if others.is_empty() {
            return self.word();
        }
        let pieces = pieces_of(&others[self.below(others.len())]).unwrap_or_default();
        let Range { start, mut end } = self.unit(&pieces);
        let most = [0, 1, 3, 9][self.below(4)];
        for _ in 0..most {
            match pieces.get(end) {
                None | Some(Piece::Close(_)) => break,
                Some(_) => end = unit_at(&pieces, end).end,
            }
        }
        pieces[start..end].to_vec()
    }
}

fn unit_at(pieces: &[Piece], place: usize) -> Range<usize> {
    let mut depth = 0;
    match &pieces[place] {
        Piece::Token(..) => place..place + 1,
        Piece::Open(_) => {
            let close = pieces[place..].iter().position(|piece| {
                depth += step(piece);
                depth == 0
            });
            place..place + close.expect("groups are closed") + 1
        }
        Piece::Close(_) => {
            let open = pieces[..=place].iter().rposition(|piece| {
                depth += step(piece);
                depth == 0
            });
            open.expect("groups are opened")..place + 1
        }
    }
}

fn step(piece: &Piece) -> i32 {
    match piece {
        Piece::Token(..) => 0,
        Piece::Open(_) => 1,
        Piece::Close(_) => -1,
    }
}

fn pieces_of(source: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    flatten(source.parse().ok()?, &mut pieces);
    Some(pieces)
}

fn flatten(tokens: TokenStream, pieces: &mut Vec<Piece>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                pieces.push(Piece::Open(open));
                flatten(group.stream(), pieces);
                pieces.push(Piece::Close(close));
            }
            TokenTree::Punct(punct) => pieces.push(Piece::Token(punct.to_string(), punct.spacing())),
            other => pieces.push(Piece::Token(other.to_string(), Spacing::Alone)),
        }
    }
}

fn print(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Token(token, Spacing::Joint) => text.push_str(token),
            Piece::Token(token, Spacing::Alone) => text.extend([token, " "]),
            Piece::Open(delimiter) | Piece::Close(delimiter) => text.extend([delimiter, " "]),
        }
    }
    text
}
