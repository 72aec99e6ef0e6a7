use proptest::prelude::*;

use super::corpus::{BOTH, NONE, lines};
use crate::imap::{Frame, FrameError, Framer, LINE_LIMIT, Revision, parse};

fn frames(pieces: &[&[u8]]) -> Vec<Result<Frame, FrameError>> {
    let mut framer = Framer::new(Revision::Rev1);
    let mut frames = Vec::new();
    for piece in pieces {
        framer.push(piece);
        while let Some(frame) = framer.next() {
            let failed = frame.is_err();
            frames.push(frame);
            if failed {
                return frames;
            }
        }
    }
    frames
}

#[test]
fn accepted_lines_are_frames_of_their_own() {
    let corpus = lines(BOTH);
    let stream: Vec<u8> = corpus.iter().flat_map(|line| line.to_vec()).collect();
    let cut: Vec<_> = frames(&[&stream]).into_iter().map(|frame| frame.unwrap().raw).collect();
    assert_eq!(cut, corpus);
}

#[test]
fn announced_literal_is_refused_before_it_comes() {
    let error = frames(&[b"* 1 FETCH (BODY[] {99999999999999999999}\r\n"]).remove(0).unwrap_err();
    assert!(matches!(error, FrameError::Literal { announced: u64::MAX, .. }));
    let mut framer = Framer::new(Revision::Rev1);
    framer.set_limit(50);
    framer.push(b"* 1 FETCH (BODY[] {40}\r\n");
    assert!(matches!(framer.next(), Some(Err(FrameError::Literal { announced: 40, limit: 50 }))));
}

#[test]
fn endless_line_is_an_error_and_stays_one() {
    let mut framer = Framer::new(Revision::Rev1);
    framer.push(&vec![b'x'; LINE_LIMIT + 1]);
    assert_eq!(framer.next(), Some(Err(FrameError::Line)));
    framer.push(b"* OK x\r\n");
    assert_eq!(framer.next(), Some(Err(FrameError::Line)));
    assert!(framer.rest().is_empty());
}

#[test]
fn rest_holds_what_follows_the_go_ahead() {
    let mut framer = Framer::new(Revision::Rev1);
    framer.push(b"a OK go\r\n\x16\x03");
    assert!(framer.next().unwrap().unwrap().parsed.is_ok());
    assert_eq!(framer.next(), None);
    assert_eq!(framer.take_rest(), b"\x16\x03");
}

#[test]
fn deep_nesting_is_an_error() {
    let raw = format!("* 1 FETCH (BODY {}\r\n", "(".repeat(100_000));
    assert!(parse(raw.as_bytes(), Revision::Rev1).is_err());
    let thread = format!("* THREAD {}\r\n", "(".repeat(100_000));
    assert!(parse(thread.as_bytes(), Revision::Rev2).is_err());
}

#[test]
fn what_is_nested_too_deep_breaks_a_bound_and_no_grammar() {
    let body = |depth: usize| {
        let (open, close) = ("(".repeat(depth), " \"MIXED\")".repeat(depth));
        format!("* 1 FETCH (BODY {open}\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1){close})\r\n")
    };
    assert!(frames(&[body(20).as_bytes()]).remove(0).is_ok());
    for raw in [body(1_000), format!("* THREAD {}\r\n", "(".repeat(100_000))] {
        assert_eq!(frames(&[raw.as_bytes()]), [Err(FrameError::Nesting)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_segmentation_gives_the_same_frames(
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..6),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let corpus: Vec<_> = lines(BOTH).into_iter().chain(lines(NONE)).collect();
        let stream: Vec<u8> = picks.iter().flat_map(|pick| pick.get(&corpus).to_vec()).collect();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        at.extend([0, stream.len()]);
        at.sort_unstable();
        let pieces: Vec<&[u8]> = at.windows(2).map(|two| &stream[two[0]..two[1]]).collect();
        prop_assert_eq!(frames(&pieces), frames(&[&stream]));
    }

    #[test]
    fn any_octets_are_parsed_without_panic(octets in proptest::collection::vec(any::<u8>(), 0..80)) {
        for revision in [Revision::Rev1, Revision::Rev2] {
            if let Err(error) = parse(&octets, revision) {
                prop_assert!(error.at <= octets.len());
            }
        }
    }

    #[test]
    fn mutated_responses_are_parsed_without_panic(
        pick in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        octet in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let corpus = lines(BOTH);
        let mut raw = pick.get(&corpus).to_vec();
        let place = at.index(raw.len());
        raw[place] = octet;
        raw.truncate(cut.index(raw.len() + 1).max(1));
        for revision in [Revision::Rev1, Revision::Rev2] {
            if let Err(error) = parse(&raw, revision) {
                prop_assert!(error.at <= raw.len());
            }
        }
    }
}
