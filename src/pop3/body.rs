//! Bodies of multi-line POP3 answers, held against their patterns. docs/suite-language.md section 7.2.

use super::{Pattern, Place};
use crate::base::{Bindings, ByteString, Captures, Mismatch, Type, accepts, excerpt};

/// Steps of the search for an assignment of listings to lines.
const SEARCH: usize = 1_000_000;

/// Judges the lines of a body by the patterns between the status line and `.`, which may be among them. The error
/// names the pattern that failed; if lines are left over, its index is the number of patterns.
pub fn match_body(
    patterns: &[&Pattern],
    place: Place,
    body: &[ByteString],
    env: &Bindings,
) -> Result<Captures, (usize, Mismatch)> {
    let wanted: Vec<(usize, &Pattern)> =
        patterns.iter().enumerate().filter(|(_, pattern)| !pattern.ends_body()).map(|(at, p)| (at, *p)).collect();
    match place {
        Place::Capability => match_capabilities(&wanted, body, env),
        Place::Listing => match_listings(&wanted, body, env),
        Place::Text => match_text(&wanted, body, env),
        Place::Status => Ok(Captures::new()),
    }
}

fn match_capabilities(
    wanted: &[(usize, &Pattern)],
    body: &[ByteString],
    env: &Bindings,
) -> Result<Captures, (usize, Mismatch)> {
    let mut captures = Captures::new();
    for (at, pattern) in wanted {
        let found = pattern.is_more() || body.iter().any(|line| pattern.line_fits(line, env, &mut captures));
        if !found {
            return Err((*at, pattern.mismatch(b"no such line")));
        }
    }
    Ok(captures)
}

fn match_listings(
    wanted: &[(usize, &Pattern)],
    body: &[ByteString],
    env: &Bindings,
) -> Result<Captures, (usize, Mismatch)> {
    let open = wanted.iter().any(|(_, pattern)| pattern.is_more());
    let listings: Vec<(usize, &Pattern)> = wanted.iter().filter(|(_, pattern)| !pattern.is_more()).copied().collect();
    let mut search = Search { body, env, used: vec![Use::Free; body.len()], left: SEARCH, deepest: 0 };
    let mut captures = Captures::new();
    if !search.assign(&listings, 0, &mut captures) {
        let failed = listings.get(search.deepest).map(|(at, pattern)| (*at, pattern.mismatch(b"no such line")));
        return failed.map_or(Ok(captures), Err);
    }
    let spare = search.used.iter().position(|used| *used == Use::Free).and_then(|at| body.get(at));
    match spare {
        Some(line) if !open => {
            let expected = "no more lines".to_owned();
            Err((wanted.len(), Mismatch { expected, at: None, actual: excerpt(line) }))
        }
        Some(_) | None => Ok(captures),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Free,
    Taken,
}

struct Search<'a> {
    body: &'a [ByteString],
    env: &'a Bindings,
    used: Vec<Use>,
    left: usize,
    deepest: usize,
}

impl Search<'_> {
    fn assign(&mut self, listings: &[(usize, &Pattern)], depth: usize, captures: &mut Captures) -> bool {
        let Some((_, pattern)) = listings.get(depth) else { return true };
        self.deepest = self.deepest.max(depth);
        let body = self.body;
        for (at, line) in body.iter().enumerate() {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                return false;
            }
            let before = captures.len();
            if self.used.get(at) != Some(&Use::Free) || !pattern.line_fits(line, self.env, captures) {
                continue;
            }
            self.mark(at, Use::Taken);
            if self.assign(listings, depth + 1, captures) {
                return true;
            }
            self.mark(at, Use::Free);
            captures.truncate(before);
        }
        false
    }

    fn mark(&mut self, at: usize, value: Use) {
        if let Some(used) = self.used.get_mut(at) {
            *used = value;
        }
    }
}

fn match_text(
    wanted: &[(usize, &Pattern)],
    body: &[ByteString],
    env: &Bindings,
) -> Result<Captures, (usize, Mismatch)> {
    let mut captures = Captures::new();
    if let [(at, pattern)] = wanted
        && let Some(template) = pattern.whole()
    {
        let octets: Vec<u8> = body.iter().flat_map(|line| [line.as_bytes(), b"\r\n"].concat()).collect();
        let fits = accepts(template, &octets, Type::Octets, env, &mut captures);
        return if fits { Ok(captures) } else { Err((*at, pattern.mismatch(&octets))) };
    }
    // Greedy with one point to come back to, the last `...`: enough, since lines are compared one by one.
    let (mut line, mut next, mut again): (usize, usize, Option<(usize, usize, usize)>) = (0, 0, None);
    let mut farthest = 0;
    loop {
        farthest = farthest.max(next);
        let pattern = wanted.get(next);
        if let Some((_, more)) = pattern
            && more.is_more()
        {
            next += 1;
            again = Some((next, line, captures.len()));
            continue;
        }
        let fits = match (pattern, body.get(line)) {
            (None, None) => return Ok(captures),
            (Some((_, pattern)), Some(octets)) => pattern.line_fits(octets, env, &mut captures),
            (None, Some(_)) | (Some(_), None) => false,
        };
        if fits {
            (line, next) = (line + 1, next + 1);
            continue;
        }
        match again {
            Some((after, from, kept)) if from < body.len() => {
                (line, next) = (from + 1, after);
                captures.truncate(kept);
                again = Some((after, from + 1, kept));
            }
            Some(_) | None => {
                let actual = body.get(line).map_or(&b"end of the body"[..], |octets| octets.as_bytes());
                return Err(match wanted.get(farthest) {
                    Some((at, pattern)) => (*at, pattern.mismatch(actual)),
                    None => {
                        let expected = "no more lines".to_owned();
                        (wanted.len(), Mismatch { expected, at: None, actual: excerpt(actual) })
                    }
                });
            }
        }
    }
}
