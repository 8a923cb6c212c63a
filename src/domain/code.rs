//! Codes that people read from paper and type: seven random Crockford base-32 characters and a check character.

use rand::Rng;

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
}
