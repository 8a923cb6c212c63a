//! The table of an access review: one row for everybody and everything that can get in.

use std::io;

use super::guard::guard;
use super::table::csv_writer;

/// Columns, in order.
pub const COLUMNS: [&str; 12] =
    ["kind", "id", "name", "email", "role", "scopes", "since", "until", "lastUsedAt", "secondFactor", "owner", "revokedAt"];

/// One row; a cell that does not apply is empty.
#[derive(Debug, Clone, Default)]
pub struct AccessRow {
    /// member, token, device or invitation.
    pub kind: &'static str,
    /// Id of it.
    pub id: String,
    /// Name of the person or token; of a device, its facilitator.
    pub name: String,
    /// Address.
    pub email: String,
    /// Role.
    pub role: String,
    /// Scopes, separated by spaces.
    pub scopes: String,
    /// When it began, RFC 3339.
    pub since: String,
    /// When it ends.
    pub until: String,
    /// When it was last used.
    pub last_used_at: String,
    /// on or off.
    pub second_factor: String,
    /// Whose token it is.
    pub owner: String,
    /// When it was revoked.
    pub revoked_at: String,
}

/// The table as CSV (RFC 4180); what a spreadsheet would run as a formula is defused. Errors: none in memory.
pub fn access_csv(rows: &[AccessRow]) -> io::Result<Vec<u8>> {
    let mut csv = csv_writer(Vec::new());
    csv.write_record(COLUMNS)?;
    for r in rows {
        let cells = [
            r.kind,
            &r.id,
            &r.name,
            &r.email,
            &r.role,
            &r.scopes,
            &r.since,
            &r.until,
            &r.last_used_at,
            &r.second_factor,
            &r.owner,
            &r.revoked_at,
        ];
        csv.write_record(cells.map(|text| guard(text, true).into_owned()))?;
    }
    Ok(super::table::finish(csv, rows.len() as u64)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        let row =
            AccessRow { kind: "member", name: "=HYPERLINK(\"x\")".to_owned(), email: "@x".to_owned(), ..Default::default() };
        let text = String::from_utf8(access_csv(&[row]).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], COLUMNS.join(","));
        assert_eq!(lines[1], "member,,\"'=HYPERLINK(\"\"x\"\")\",'@x,,,,,,,,");
    }
}
