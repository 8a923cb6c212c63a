//! Linear programming for tests: how small and how large a sum can be under equations, nothing being negative.

/// Equations over unknowns that are not negative.
pub struct Program {
    unknowns: usize,
    /// Coefficients, then the right side.
    rows: Vec<Vec<f64>>,
}

const ZERO: f64 = 1e-9;

impl Program {
    pub fn new(unknowns: usize) -> Self {
        Self { unknowns, rows: Vec::new() }
    }

    /// Adds an equation.
    pub fn equal(&mut self, mut coefficients: Vec<f64>, value: f64) {
        coefficients.push(value);
        if !self.rows.contains(&coefficients) {
            self.rows.push(coefficients);
        }
    }

    /// Leaves out the equations that follow from others (Gaussian elimination).
    pub fn reduce(&mut self) {
        let mut echelon: Vec<(usize, Vec<f64>)> = Vec::new();
        let mut kept: Vec<Vec<f64>> = Vec::new();
        for row in self.rows.drain(..) {
            let mut rest = row.clone();
            for (pivot, other) in &echelon {
                let factor = rest[*pivot];
                rest.iter_mut().zip(other).for_each(|(a, b)| *a -= factor * b);
            }
            if let Some(pivot) = (0..self.unknowns).max_by(|a, b| rest[*a].abs().total_cmp(&rest[*b].abs()))
                && rest[pivot].abs() > 1e-7
            {
                let factor = rest[pivot];
                rest.iter_mut().for_each(|a| *a /= factor);
                echelon.push((pivot, rest));
                kept.push(row);
            }
        }
        self.rows = kept;
    }

    /// The least and the greatest value of a sum.
    pub fn range(&self, sum: &[f64]) -> (f64, f64) {
        let turned: Vec<f64> = sum.iter().map(|c| -c).collect();
        (self.least(sum), -self.least(&turned))
    }

    /// Two phases over a full tableau, with Bland's rule against cycles.
    fn least(&self, costs: &[f64]) -> f64 {
        let (n, m) = (self.unknowns, self.rows.len());
        let mut table: Vec<Vec<f64>> = Vec::with_capacity(m);
        for (i, row) in self.rows.iter().enumerate() {
            let sign = if row[n] < 0.0 { -1.0 } else { 1.0 };
            let mut line = vec![0.0; n + m + 1];
            (0..n).for_each(|j| line[j] = sign * row[j]);
            line[n + i] = 1.0;
            line[n + m] = sign * row[n];
            table.push(line);
        }
        let mut basis: Vec<usize> = (n..n + m).collect();
        let mut first = vec![0.0; n + m + 1];
        first[n..n + m].fill(1.0);
        let infeasible = solve(&mut table, &mut basis, &first, n + m);
        assert!(infeasible < 1e-6, "the equations have a solution");
        // What is still artificial is zero: it leaves for any real unknown of its row.
        for i in 0..m {
            if basis[i] >= n
                && let Some(j) = (0..n).find(|j| table[i][*j].abs() > 1e-7)
            {
                pivot(&mut table, &mut basis, i, j);
            }
        }
        let mut second = vec![0.0; n + m + 1];
        second[..n].copy_from_slice(costs);
        solve(&mut table, &mut basis, &second, n)
    }
}

/// Brings the costs of a feasible table down as far as they go, by unknowns below `allowed`.
fn solve(table: &mut [Vec<f64>], basis: &mut [usize], costs: &[f64], allowed: usize) -> f64 {
    let last = costs.len() - 1;
    let value =
        |table: &[Vec<f64>], basis: &[usize], j: usize| basis.iter().zip(table).map(|(b, row)| costs[*b] * row[j]).sum::<f64>();
    loop {
        let entering = (0..allowed).find(|j| !basis.contains(j) && costs[*j] - value(table, basis, *j) < -ZERO);
        let Some(entering) = entering else { return value(table, basis, last) };
        let ratios =
            (0..table.len()).filter(|i| table[*i][entering] > ZERO).map(|i| (table[i][last] / table[i][entering], basis[i], i));
        let leaving = ratios.min_by(|a, b| if (a.0 - b.0).abs() < ZERO { a.1.cmp(&b.1) } else { a.0.total_cmp(&b.0) });
        let Some((_, _, leaving)) = leaving else { return f64::NEG_INFINITY };
        pivot(table, basis, leaving, entering);
    }
}

fn pivot(table: &mut [Vec<f64>], basis: &mut [usize], row: usize, column: usize) {
    let factor = table[row][column];
    table[row].iter_mut().for_each(|a| *a /= factor);
    let taken = table[row].clone();
    for (i, other) in table.iter_mut().enumerate() {
        let factor = other[column];
        if i != row && factor != 0.0 {
            other.iter_mut().zip(&taken).for_each(|(a, b)| *a -= factor * b);
        }
    }
    basis[row] = column;
}

#[test]
fn ranges_are_found() {
    let mut program = Program::new(3);
    program.equal(vec![1.0, 1.0, 1.0], 10.0);
    program.equal(vec![1.0, 1.0, 0.0], 7.0);
    program.equal(vec![2.0, 2.0, 1.0], 17.0);
    program.reduce();
    assert_eq!(program.rows.len(), 2);
    assert_eq!(program.range(&[0.0, 0.0, 1.0]), (3.0, 3.0));
    assert_eq!(program.range(&[1.0, 0.0, 0.0]), (0.0, 7.0));
}
