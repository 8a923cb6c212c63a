//! Codes that people read from paper and type: Crockford base-32 characters and a check character. A person's has seven
//! random ones; the one with which a teller may take back a story has ten, made of the story's id.

use rand::Rng;
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new random code, written `XXXX-XXXX`. The last character catches every single wrong character and
/// most swaps of neighbours.
pub fn new_code(rng: &mut impl Rng) -> String {
    let bits = rng.next_u64();
    let values: Vec<usize> = (0..7).map(|i| ((bits >> (5 * i)) & 31) as usize).collect();
    let all = values.iter().copied().chain([check_value(&values)]);
    let text: String = all.map(|v| ALPHABET[v] as char).collect();
    format!("{}-{}", &text[..4], &text[4..])
}

/// Weights are odd, so each is invertible modulo 32: one wrong character always changes the sum.
fn check_value(values: &[usize]) -> usize {
    values.iter().enumerate().map(|(i, v)| (2 * i + 1) * v).sum::<usize>() % 32
}

/// The written form of a code as somebody typed it (lower case, spaces, O for 0, I or L for 1), or `None`
/// when the check character does not fit.
pub fn normalise(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let values: Option<Vec<usize>> = kept.map(value_of).collect();
    let values = values.filter(|v| v.len() == 8)?;
    if check_value(&values[..7]) != values[7] {
        return None;
    }
    let text: String = values.iter().map(|v| ALPHABET[*v] as char).collect();
    Some(format!("{}-{}", &text[..4], &text[4..]))
}

/// The code with which a teller may have a story withdrawn, written `XXXX-XXXX-XXX`: the first 48 bits of its id, the
/// highest first, then two bits 0, as ten characters, and the check character. The phone makes the same without the server.
pub fn of_story(id: Uuid) -> String {
    let bits = first_bits(id) << 2;
    let values: Vec<usize> = (0..10).rev().map(|i| ((bits >> (5 * i)) & 31) as usize).collect();
    let all = values.iter().copied().chain([check_value(&values)]);
    let text: String = all.map(|v| ALPHABET[v] as char).collect();
    format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..])
}

/// The first and the last id that a story with this code can have, typed in the same sloppy ways as [`normalise`] takes.
/// `None` when the check character does not fit.
pub fn stories_of(typed: &str) -> Option<(Uuid, Uuid)> {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let values: Option<Vec<usize>> = kept.map(value_of).collect();
    let values = values.filter(|v| v.len() == 11)?;
    let bits = values[..10].iter().fold(0, |bits, v| bits << 5 | *v as u128);
    if check_value(&values[..10]) != values[10] || bits & 3 != 0 {
        return None;
    }
    let first = bits >> 2 << 80;
    Some((Uuid::from_u128(first), Uuid::from_u128(first | ((1 << 80) - 1))))
}

/// The first 48 bits of an id.
fn first_bits(id: Uuid) -> u128 {
    id.as_u128() >> 80
}

fn value_of(typed: char) -> Option<usize> {
    let upper = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    ALPHABET.iter().position(|a| *a as char == upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_sloppy_typing_but_no_wrong_character() {
        let mut rng = rand::rng();
        for _ in 0..200 {
            let code = new_code(&mut rng);
            assert_eq!(normalise(&code.to_lowercase().replace('-', " ")), Some(code.clone()));
            let chars: Vec<char> = code.chars().collect();
            for i in (0..chars.len()).filter(|i| chars[*i] != '-') {
                let mut wrong = chars.clone();
                wrong[i] = if wrong[i] == '7' { '8' } else { '7' };
                assert_ne!(normalise(&wrong.iter().collect::<String>()), Some(code.clone()));
                assert_eq!(normalise(&wrong.iter().collect::<String>()), None);
            }
        }
    }
    #[test]
    fn the_code_of_a_story_is_made_of_its_id_and_leads_back_to_it() {
        let id = Uuid::parse_str("5b0e3c52-6f0f-4f6e-9a55-3d1c2b8f7a10").unwrap();
        assert_eq!(of_story(id), "BC73-RMKF-1WR");
        assert_eq!(of_story(Uuid::nil()), "0000-0000-000");
        assert_eq!(of_story(Uuid::max()), "ZZZZ-ZZZZ-ZW3");
        for _ in 0..200 {
            let id = Uuid::new_v4();
            let code = of_story(id);
            let sloppy = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            let (first, last) = stories_of(&sloppy).unwrap();
            assert!((first..=last).contains(&id));
            assert_eq!((of_story(first), of_story(last)), (code.clone(), code.clone()));
            assert!(first.to_string()[..13] == id.to_string()[..13] && last.to_string()[..13] == id.to_string()[..13]);
            let chars: Vec<char> = code.chars().collect();
            for i in (0..chars.len()).filter(|i| chars[*i] != '-') {
                let mut wrong = chars.clone();
                wrong[i] = if wrong[i] == '7' { '8' } else { '7' };
                assert_eq!(stories_of(&wrong.iter().collect::<String>()), None, "{code} at {i}");
            }
            assert_eq!((stories_of(&code[..12]), normalise(&code)), (None, None));
        }
        for other in ["", "0000-0000-01K", "ÀÀÀÀ-0000-000", "0000-0000-000-0"] {
            assert_eq!(stories_of(other), None, "{other}");
        }
    }
}
