//! Numbers as words, for messages.

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const CARDINALS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// `third`; beyond the tenth `11th`.
pub(super) fn ordinal(number: usize) -> String {
    let word = number.checked_sub(1).and_then(|index| ORDINALS.get(index));
    word.map_or_else(|| format!("{number}th"), |word| (*word).to_owned())
}

/// `three commands`, `one command`, `no command`; beyond ten digits.
pub(super) fn counted(number: usize, one: &str, several: &str) -> String {
    let word = CARDINALS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned());
    format!("{word} {}", if number <= 1 { one } else { several })
}
