//! Codes of authenticator apps (TOTP, RFC 6238) and recovery codes.

use rand::Rng;
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, TOTP};

/// Length of a time step, in seconds.
pub const STEP_SECONDS: i64 = 30;
/// How many recovery codes are made at a time.
pub const RECOVERY_CODES: usize = 10;

const DIGITS: usize = 6;
/// Steps that a clock may be ahead or behind.
const TOLERANCE: i64 = 1;
/// As long as the hash of the codes, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const RECOVERY_ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What somebody typed beside the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Six digits of an app.
    App(String),
    /// Anything else: a recovery code, if it is one, in its written form.
    Recovery(String),
}

/// Brings what was typed to one form: spaces, dashes and case do not matter, nor O for 0, nor I or L for 1.
pub fn read_code(typed: &str) -> Typed {
    let kept: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if kept.len() == DIGITS && kept.bytes().all(|b| b.is_ascii_digit()) {
        return Typed::App(kept);
    }
    let same = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    };
    Typed::Recovery(kept.chars().map(same).collect())
}

/// A new random secret of 160 bits.
pub fn new_secret() -> Vec<u8> {
    let mut secret = vec![0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut secret);
    secret
}

/// The secret in base32 and as an `otpauth://` address for an app. Errors: none for secrets of ours.
pub fn presented(secret: &[u8], account: &str) -> anyhow::Result<(String, String)> {
    let totp = totp(secret, account)?;
    Ok((totp.get_secret_base32(), totp.get_url()))
}

/// The time step that a code of an app belongs to, near `seconds` since 1970 and after `last_step`; `None` when it is wrong
/// or was used. All steps are looked at, so that the time tells nothing. Errors: none for secrets of ours.
pub fn step_of(secret: &[u8], code: &str, seconds: i64, last_step: i64) -> anyhow::Result<Option<i64>> {
    let (totp, now) = (totp(secret, "")?, seconds / STEP_SECONDS);
    let mut found = None;
    for step in now - TOLERANCE..=now + TOLERANCE {
        let expected = totp.generate(u64::try_from(step * STEP_SECONDS)?);
        if bool::from(expected.as_bytes().ct_eq(code.as_bytes())) && step > last_step {
            found = Some(step);
        }
    }
    Ok(found)
}

fn totp(secret: &[u8], account: &str) -> anyhow::Result<TOTP> {
    let account = account.replace(':', " "); // stands between issuer and account in the address
    let issuer = Some("duiding".to_owned());
    let made = TOTP::new(Algorithm::SHA1, DIGITS, TOLERANCE as u8, STEP_SECONDS as u64, secret.to_vec(), issuer, account);
    made.map_err(|e| anyhow::anyhow!("second factor: {e}"))
}

/// A new recovery code of 80 random bits, written `xxxx-xxxx-xxxx-xxxx`.
pub fn new_recovery_code() -> String {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    let text: String = bytes.iter().map(|b| RECOVERY_ALPHABET[usize::from(b % 32)] as char).collect();
    [&text[..4], &text[4..8], &text[8..12], &text[12..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238, for SHA-1; its codes have eight digits, of which the last six are ours.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        let known = [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")];
        for (seconds, code) in known {
            assert_eq!(step_of(secret, code, seconds, -1).unwrap(), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_works_one_step_early_and_late_and_never_after_its_step_was_used() {
        let secret = b"12345678901234567890";
        let (code, at) = ("081804", 1_111_111_109);
        let step = at / 30;
        for near in [at - 30, at, at + 30] {
            assert_eq!(step_of(secret, code, near, step - 1).unwrap(), Some(step));
            assert_eq!(step_of(secret, code, near, step).unwrap(), None);
        }
        for far in [at - 60, at + 60] {
            assert_eq!(step_of(secret, code, far, 0).unwrap(), None);
        }
        for wrong in ["", "081805", "81804", "0818040", "08180é"] {
            assert_eq!(step_of(secret, wrong, at, 0).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_all_it_needs() {
        let (secret, address) = presented(b"12345678901234567890", "a:b@example.org").unwrap();
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(address.starts_with("otpauth://totp/duiding:a%20b%40example.org?"), "{address}");
        assert!(address.contains(&format!("secret={secret}")) && address.contains("issuer=duiding"), "{address}");
    }

    #[test]
    fn what_was_typed_is_read_as_it_was_meant() {
        assert_eq!(read_code(" 081 804 "), Typed::App("081804".to_owned()));
        assert_eq!(read_code("OIL0-abcd"), Typed::Recovery("0110abcd".to_owned()));
        let made = new_recovery_code();
        assert_eq!(made.len(), 19);
        assert_eq!(read_code(&made.to_uppercase()), read_code(&made));
        assert_ne!(made, new_recovery_code());
    }
}
