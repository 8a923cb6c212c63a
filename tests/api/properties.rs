//! Rules that hold for whatever comes in: placements, the strict reading of JSON, and its canonical form.

use duiding::domain::canonical::canonical_json;
use duiding::domain::framework::{Framework, REFERENCE};
use duiding::domain::json;
use duiding::domain::placement::close_shares;
use duiding::domain::story::{self, StoryBody};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A candidate's story with one answer, checked against the reference framework; errors as `path code`.
fn told(signifier: &str, value: Value) -> Result<StoryBody, Vec<String>> {
    thread_local!(static FRAMEWORK: Framework = serde_json::from_str(REFERENCE).unwrap());
    let mut body = crate::helpers::story(None);
    body["placements"] = json!({signifier: {"state": "answered", "value": value}});
    let named = |e: duiding::domain::problem::FieldError| format!("{} {}", e.path, e.code);
    FRAMEWORK.with(|f| story::parse(&body, f)).map_err(|problems| problems.0.into_iter().map(named).collect())
}

/// Three shares that together are as much as this.
fn shares_of(sum: impl Strategy<Value = f64>) -> impl Strategy<Value = [f64; 3]> {
    let part = || prop_oneof![3 => 0.0..1.0f64, 1 => Just(0.0), 1 => Just(1.0), 1 => Just(1e-300)];
    (part(), part(), part(), sum).prop_filter_map("together nothing", |(a, b, c, sum)| {
        let all = a + b + c;
        (all > 0.0 && all.is_finite()).then(|| [a, b, c].map(|s| s / all * sum)).filter(|s| s.iter().all(|s| s.is_finite()))
    })
}

/// Any JSON that the strict parse takes: no U+0000, no overlong name, not deep, whole numbers in double precision.
fn any_json() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![4 => "[a-c€ö\u{1f600}\\\\\"\u{1}-\u{1f}]{0,6}", 1 => "[^\u{0}]{0,10}"];
    let number = prop_oneof![
        (-(1i64 << 53)..=1i64 << 53).prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no NaN", |f| f.is_finite()).prop_map(Value::from),
        prop_oneof![Just(-0.0), Just(1e21), Just(1e-7), Just(4.5), Just(1e300)].prop_map(Value::from),
    ];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text().prop_map(Value::from)];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        let members = prop::collection::vec((text(), inner.clone()), 0..6);
        let object = members.prop_map(|members| Value::Object(members.into_iter().collect()));
        prop_oneof![prop::collection::vec(inner, 0..6).prop_map(Value::Array), object]
    })
}

/// The same document with the members of every object the other way round.
fn turned(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(turned).collect(),
        Value::Object(members) => Value::Object(members.iter().rev().map(|(k, v)| (k.clone(), turned(v))).collect()),
        other => other.clone(),
    }
}

/// Whether two documents say the same: numbers are compared as such, however they are written.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => one == other,
    }
}

proptest! {
    #[test]
    fn shares_close_to_exactly_one_and_closing_again_changes_nothing(shares in shares_of(0.98..=1.02f64)) {
        let closed = close_shares(shares);
        let [a, b, c] = closed;
        prop_assert_eq!((a + b + c, c + a + b, b + c + a), (1.0, 1.0, 1.0));
        prop_assert!(closed.iter().all(|s| (0.0..=1.0).contains(s) && s.is_sign_positive()));
        prop_assert_eq!(close_shares(closed).map(f64::to_bits), closed.map(f64::to_bits));
        let sum: f64 = shares.iter().sum();
        for (told, kept) in shares.iter().zip(closed) {
            prop_assert!((told / sum - kept).abs() < 1e-15 * 4.0, "{} became {}", told, kept);
        }
    }

    #[test]
    fn what_a_device_may_send_is_accepted_and_an_export_of_it_is_accepted_unchanged(shares in shares_of(0.981..=1.019f64)) {
        prop_assume!(shares.iter().all(|s| *s <= 1.005));
        let once = told("competence", json!({"shares": shares})).unwrap();
        let kept = serde_json::to_value(&once.placements["competence"].value).unwrap();
        let twice = told("competence", kept.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&twice.placements["competence"].value).unwrap(), kept);
    }

    #[test]
    fn shares_off_the_tolerance_are_refused(shares in shares_of(prop_oneof![0.0..=0.979f64, 1.021..=3.0f64])) {
        let errors = told("competence", json!({"shares": shares})).unwrap_err();
        prop_assert!(errors.contains(&"$.placements.competence.value.shares sharesSum".to_owned()), "{:?}", errors);
    }

    #[test]
    fn a_share_out_of_range_is_refused(off in prop_oneof![-1e300..=-0.0051f64, 1.0051..=1e300f64], place in 0..3usize) {
        let mut shares = [0.0; 3];
        shares[place] = off;
        shares[(place + 1) % 3] = 1.0 - off;
        let errors = told("competence", json!({"shares": shares})).unwrap_err();
        let named = format!("$.placements.competence.value.shares[{place}] outOfRange");
        prop_assert!(errors.contains(&named), "{:?}", errors);
    }

    #[test]
    fn a_position_is_accepted_exactly_when_it_is_on_the_line(position in prop_oneof![0.0..=1.0f64, -1e-9..1.000001f64, any::<f64>()]) {
        prop_assume!(position.is_finite());
        let on_the_line = (0.0..=1.0).contains(&position);
        match told("confidence", json!({"position": position})) {
            Ok(story) => {
                prop_assert!(on_the_line);
                prop_assert_eq!(story.placements["confidence"].value.as_ref().unwrap().position, Some(position));
            }
            Err(errors) => {
                prop_assert!(!on_the_line);
                prop_assert_eq!(errors, ["$.placements.confidence.value.position outOfRange"]);
            }
        }
    }

    #[test]
    fn a_stone_is_accepted_exactly_when_it_is_on_the_canvas(x in -0.2..1.2f64, y in -0.2..1.2f64) {
        let errors = told("health", json!({"stones": [{"key": "mind", "x": x, "y": y}]})).err().unwrap_or_default();
        let off = |name: &str, at: f64| (!(0.0..=1.0).contains(&at)).then(|| format!("$.placements.health.value.stones[0].{name} outOfRange"));
        let expected: Vec<String> = [off("x", x), off("y", y)].into_iter().flatten().collect();
        prop_assert_eq!(errors, expected);
    }

    #[test]
    fn what_is_good_json_is_read_as_it_is(value in any_json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let read = json::parse(text.as_bytes());
            prop_assert!(read.is_ok(), "{text}: {read:?}");
            prop_assert_eq!(canonical_json(&read.unwrap()), canonical_json(&value));
        }
    }

    #[test]
    fn nothing_is_read_in_another_way_than_the_library_reads_it(value in any_json(), place in any::<prop::sample::Index>(), other in any::<char>()) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let at = place.index(text.len());
        text[at] = other;
        let text: String = text.into_iter().collect();
        match (json::parse(text.as_bytes()), serde_json::from_str::<Value>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(canonical_json(&ours), canonical_json(&theirs)),
            (Ok(ours), Err(e)) => prop_assert!(false, "{text}: {ours} in spite of {e}"),
            (Err(problems), Ok(_)) => {
                let reasons = ["duplicateKey", "nullCharacter", "tooDeep", "tooLong"];
                prop_assert!(problems.0.iter().all(|e| reasons.contains(&e.code.as_str())), "{text}: {problems}");
            }
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn the_parse_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = json::parse(&bytes);
    }

    #[test]
    fn the_canonical_form_says_the_same_whatever_the_order(value in any_json()) {
        let canonical = canonical_json(&value);
        prop_assert_eq!(canonical_json(&turned(&value)), canonical.clone());
        let back = json::parse(canonical.as_bytes()).unwrap();
        prop_assert_eq!(canonical_json(&back), canonical);
        prop_assert!(same(&back, &value), "{} became {}", value, back);
    }
}

#[test]
fn numbers_are_written_as_rfc_8785_has_them() {
    let samples: [(u64, &str); 25] = [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        (0x3e7a_d7f2_9abc_af48, "1e-7"),
    ];
    for (bits, written) in samples {
        let number = f64::from_bits(bits);
        assert_eq!(canonical_json(&json!(number)), written, "{bits:x}");
        let read = json::parse(format!("{number:?}").as_bytes()).unwrap();
        assert_eq!(canonical_json(&read), written, "{number:?} as it comes in");
    }
}

#[test]
fn the_examples_of_rfc_8785_come_out_as_printed() {
    let values = r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
    let written =
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
    assert_eq!(canonical_json(&json::parse(values.as_bytes()).unwrap()), written);
    let names = r#"{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}"#;
    let canonical = canonical_json(&json::parse(names.as_bytes()).unwrap());
    let order: Vec<usize> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
        .iter()
        .map(|word| canonical.find(word).unwrap())
        .collect();
    assert!(order.is_sorted(), "by UTF-16 units, so the emoji before the Hebrew letter: {canonical}");
}
