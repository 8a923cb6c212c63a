//! Rows of a separated-values file from anywhere: finds the delimiter, refuses what cannot be a table, and goes on
//! after a row that cannot be read.

use std::collections::BTreeSet;
use std::io::{Chain, Cursor, Read};

use csv::{ByteRecord, StringRecord};
use uuid::Uuid;

use super::report::RowError;
use crate::domain::problem::{Problems, member};

/// A file with more columns is not a table of stories.
pub const MAX_COLUMNS: usize = 20_000;

/// Longest header line: twenty thousand columns named by two UUIDs and a bit.
const MAX_HEADER_BYTES: usize = 4 << 20;

/// Delimiters that are read, and those that are only recognised to say what is wrong.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
const OTHER_DELIMITERS: [u8; 4] = [b'|', b':', b'^', b' '];

/// What was read beyond the header, the rest of the file, and the line that marks its end.
type Source<R> = Chain<Chain<Cursor<Vec<u8>>, R>, Cursor<Vec<u8>>>;

/// The rows of one file, after its header.
pub(crate) struct Rows<R> {
    header: Vec<String>,
    delimiter: u8,
    reader: csv::Reader<Source<R>>,
    /// A line added to the end of the file. When it turns up inside a cell, a quote was never closed.
    end: String,
    row: u64,
    record: ByteRecord,
    finished: bool,
}

/// One row that could be read.
pub(crate) struct Row {
    /// Its number, 1 = the header.
    pub number: u64,
    /// As many cells as the header has.
    pub cells: StringRecord,
}

impl<R: Read> Rows<R> {
    /// Reads the header with the delimiter that makes the most column names known. Errors: what makes the file as a
    /// whole unreadable.
    pub fn open(mut input: R, is_known: impl Fn(&str) -> bool) -> Result<Self, Problems> {
        let (line, after) = header_line(&mut input)?;
        let (header, delimiter) = split_header(&line, is_known)?;
        check_header(&header)?;
        let end = Uuid::new_v4().to_string();
        let source = Cursor::new(after).chain(input).chain(Cursor::new(format!("\n{end}\n").into_bytes()));
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(source);
        Ok(Self { header, delimiter, reader, end, row: 1, record: ByteRecord::new(), finished: false })
    }

    /// The column names.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// What parts the cells.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The next row that is not blank, or all that is wrong with it. `None` at the end of the file.
    pub fn next_row(&mut self) -> Option<Result<Row, Vec<RowError>>> {
        while !self.finished {
            self.row += 1;
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) if self.record.len() == 1 && self.record[0] == *self.end.as_bytes() => self.finished = true,
                Ok(true) if self.is_unclosed() => {
                    let message = "a quote is opened in this row and never closed, so all that follows is in one cell";
                    let last = self.record.len().min(self.header.len()) - 1;
                    return self.last_error(Some(last), "unclosedQuote", message);
                }
                // Spreadsheets leave rows of nothing but delimiters below a table.
                Ok(true) if self.record.iter().all(<[u8]>::is_empty) => {}
                Ok(true) => return Some(self.checked()),
                Ok(false) => self.finished = true,
                Err(_) => return self.last_error(None, "readFailed", "the file could not be read from here on"),
            }
        }
        None
    }

    fn last_error<T>(&mut self, column: Option<usize>, code: &str, message: &str) -> Option<Result<T, Vec<RowError>>> {
        self.finished = true;
        let column = column.map(|at| self.header[at].as_str());
        Some(Err(vec![RowError::new(self.row, column, code, message)]))
    }

    /// Whether the line added to the end is inside the last cell.
    fn is_unclosed(&self) -> bool {
        let last = self.record.iter().next_back().unwrap_or_default();
        last.strip_suffix(b"\n").is_some_and(|l| l.ends_with(self.end.as_bytes()))
    }

    fn checked(&self) -> Result<Row, Vec<RowError>> {
        let (cells, columns) = (self.record.len(), self.header.len());
        let error = |column: Option<&str>, code: &str, message: String| RowError::new(self.row, column, code, message);
        if cells < columns {
            let message = format!("the row has {cells} cells and the header {columns}: cells are missing from here on");
            return Err(vec![error(Some(&self.header[cells]), "raggedRow", message)]);
        }
        if cells > columns {
            let message = format!("the row has {cells} cells and the header {columns}: there are cells after the last column");
            return Err(vec![error(self.header.last().map(String::as_str), "raggedRow", message)]);
        }
        let mut errors = Vec::new();
        for (cell, column) in self.record.iter().zip(&self.header) {
            if std::str::from_utf8(cell).is_err() {
                errors.push(error(Some(column), "invalidUtf8", "the text is not valid UTF-8: save the file as CSV UTF-8".into()));
            } else if cell.contains(&0) {
                errors.push(error(Some(column), "nullCharacter", "text must not contain the character U+0000".into()));
            }
        }
        match StringRecord::from_byte_record(self.record.clone()) {
            Ok(cells) if errors.is_empty() => Ok(Row { number: self.row, cells }),
            _ => Err(errors),
        }
    }
}

/// The delimiter as people call it.
pub(crate) fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma".into(),
        b';' => "semicolon".into(),
        b'\t' => "tab".into(),
        b' ' => "space".into(),
        other => format!("'{}'", other as char),
    }
}

/// A number as spreadsheets and statistics tools write it; a decimal comma where commas do not part the cells.
pub(crate) fn number(cell: &str, delimiter: u8) -> Option<f64> {
    let cell = cell.trim();
    let with_point = match cell.matches(',').count() {
        1 if delimiter != b',' && !cell.contains('.') => cell.replace(',', "."),
        _ => cell.to_owned(),
    };
    let is_plain = with_point.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    with_point.parse().ok().filter(|n: &f64| is_plain && n.is_finite())
}

/// The first line without its byte order mark, and what was read beyond it.
fn header_line(input: &mut impl Read) -> Result<(Vec<u8>, Vec<u8>), Problems> {
    let mut read = Vec::new();
    let (mut looked, mut quoted) = (0, false);
    loop {
        for (i, byte) in read.iter().enumerate().skip(looked) {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if !quoted && i > 0 => {
                    let after = read.split_off(i);
                    return Ok((without_bom(read)?, after));
                }
                _ => {}
            }
        }
        looked = read.len();
        if looked > MAX_HEADER_BYTES {
            let message = format!("the first line is longer than {MAX_HEADER_BYTES} bytes: this is not a table of stories");
            return Err(Problems::one("$.header", "headerTooLong", message));
        }
        let mut chunk = Vec::with_capacity(64 << 10);
        match input.by_ref().take(64 << 10).read_to_end(&mut chunk) {
            Ok(0) if quoted => {
                let message = "a quote is opened in the first row and never closed";
                return Err(Problems::one("$.header", "unclosedQuote", message));
            }
            Ok(0) => return Ok((without_bom(read)?, Vec::new())),
            Ok(_) => read.append(&mut chunk),
            Err(_) => return Err(Problems::one("$", "readFailed", "the file could not be read")),
        }
    }
}

fn without_bom(mut line: Vec<u8>) -> Result<Vec<u8>, Problems> {
    if line.starts_with(&[0xff, 0xfe]) || line.starts_with(&[0xfe, 0xff]) {
        return Err(Problems::one("$", "invalidUtf8", "the file is UTF-16 text: save it as CSV UTF-8"));
    }
    if line.starts_with("\u{feff}".as_bytes()) {
        line.drain(..3);
    }
    if line.is_empty() {
        return Err(Problems::one("$.header", "required", "the file has no header row"));
    }
    Ok(line)
}

fn split_header(line: &[u8], is_known: impl Fn(&str) -> bool) -> Result<(Vec<String>, u8), Problems> {
    let text = std::str::from_utf8(line)
        .map_err(|_| Problems::one("$.header", "invalidUtf8", "the header is not valid UTF-8: save the file as CSV UTF-8"))?;
    let split = |delimiter: &u8| {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(*delimiter).from_reader(text.as_bytes());
        let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
        let names: Vec<String> = record.iter().map(str::to_owned).collect();
        (names.iter().filter(|n| is_known(n)).count(), names, *delimiter)
    };
    // The first of equals: `max_by_key` would take the last.
    let best = |candidates: &[u8]| candidates.iter().rev().map(split).max_by_key(|(known, ..)| *known);
    let (known, names, delimiter) = best(&DELIMITERS).unwrap_or_default();
    if known > 0 && (known > 1 || names.len() > 1) {
        return Ok((names, delimiter));
    }
    match best(&OTHER_DELIMITERS) {
        Some((other_known, _, other)) if other_known > 1 => {
            let message = format!(
                "the cells are parted by {}: save the file with commas, semicolons or tabs between them",
                delimiter_name(other)
            );
            Err(Problems::one("$.header", "wrongDelimiter", message))
        }
        _ if names.len() > MAX_COLUMNS => check_header(&names).map(|()| (names, delimiter)),
        _ if known > 0 => Ok((names, delimiter)),
        _ => Err(Problems::one("$.header", "noKnownColumn", "none of the column names in the first row is known")),
    }
}

fn check_header(header: &[String]) -> Result<(), Problems> {
    if header.len() > MAX_COLUMNS {
        let message = format!("the file has {} columns; at most {MAX_COLUMNS} are read", header.len());
        return Err(Problems::one("$.header", "tooManyColumns", message));
    }
    let mut problems = Problems::default();
    let mut seen = BTreeSet::new();
    for name in header.iter().filter(|n| !n.is_empty()) {
        if name.contains('\0') {
            problems.add("$.header", "nullCharacter", "a column name contains the character U+0000");
        } else if !seen.insert(name) {
            problems.add(member("$.header", name), "duplicateColumn", format!("there are two columns {name:?}"));
        }
    }
    problems.or_ok(())
}

/// Reading in small pieces, to see that nothing depends on how the bytes arrive.
#[cfg(test)]
pub(crate) struct Trickle<R>(pub R);

#[cfg(test)]
impl<R: Read> Read for Trickle<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let one = buffer.len().min(3);
        self.0.read(&mut buffer[..one])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_spreadsheets_write_them_and_nothing_else_is() {
        let read = |cell: &str, delimiter: u8| number(cell, delimiter);
        assert_eq!([read(" 0.5 ", b','), read("1E-3", b','), read("-0.004", b',')], [Some(0.5), Some(0.001), Some(-0.004)]);
        assert_eq!([read("0,5", b';'), read("0,5", b','), read("1.000,5", b';')], [Some(0.5), None, None]);
        for cell in ["", "NaN", "inf", "-infinity", "1e999", "0x1", "1 2", "half", "1,2,3"] {
            assert_eq!(read(cell, b';'), None, "{cell}");
        }
    }

    #[test]
    fn a_delimiter_is_found_whatever_it_is() {
        for (delimiter, file) in [(b',', "a,b\n1,2\n,\n"), (b';', "\u{feff}a;b\r\n1;2"), (b'\t', "\"a\"\t\"b\"\r1\t2\r")] {
            let mut rows = Rows::open(Trickle(file.as_bytes()), |n| n == "a" || n == "b").unwrap_or_else(|p| panic!("{p}"));
            assert_eq!((rows.header(), rows.delimiter()), (&["a".to_owned(), "b".to_owned()][..], delimiter));
            let row = rows.next_row().unwrap().unwrap();
            assert_eq!((row.number, &row.cells[1]), (2, "2"));
            assert!(rows.next_row().is_none() && rows.next_row().is_none());
        }
    }

    #[test]
    fn a_file_that_breaks_off_is_an_error_and_not_an_end() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("the connection was cut"))
            }
        }
        let first = "a,b\n".to_owned() + &"1,2\n".repeat(40_000);
        let mut rows = Rows::open(first.as_bytes().chain(Broken), |_| true).unwrap_or_else(|p| panic!("{p}"));
        let last = std::iter::from_fn(|| rows.next_row()).last().unwrap();
        assert_eq!(last.err().unwrap()[0].code, "readFailed");
    }
}
