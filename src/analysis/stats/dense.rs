//! Small symmetric systems of equations, by Cholesky's method.

/// A pivot under this part of its diagonal element is nought but for rounding: the columns depend on each other.
const DEPENDENT: f64 = 1e-11;

/// The lower triangle L of A = L Lᵀ.
pub struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Takes apart a symmetric matrix of `size` rows, row by row; none when it is not positive definite.
    pub fn of(matrix: &[f64], size: usize) -> Option<Self> {
        let mut lower = vec![0.0; size * size];
        for i in 0..size {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| lower[i * size + k] * lower[j * size + k]).sum();
                let rest = matrix[i * size + j] - dot;
                lower[i * size + j] = match i == j {
                    true if rest > DEPENDENT * matrix[i * size + i] => rest.sqrt(),
                    true => return None,
                    false => rest / lower[j * size + j],
                };
            }
        }
        lower.iter().all(|v| v.is_finite()).then_some(Self { size, lower })
    }

    /// L⁻¹ v.
    pub fn half_solve(&self, v: &[f64]) -> Vec<f64> {
        let mut out = v.to_vec();
        for i in 0..self.size {
            let dot: f64 = (0..i).map(|k| self.lower[i * self.size + k] * out[k]).sum();
            out[i] = (out[i] - dot) / self.lower[i * self.size + i];
        }
        out
    }

    /// A⁻¹ v.
    pub fn solve(&self, v: &[f64]) -> Vec<f64> {
        let mut out = self.half_solve(v);
        for i in (0..self.size).rev() {
            let dot: f64 = (i + 1..self.size).map(|k| self.lower[k * self.size + i] * out[k]).sum();
            out[i] = (out[i] - dot) / self.lower[i * self.size + i];
        }
        out
    }

    /// vᵀ A⁻¹ v.
    pub fn squared_length(&self, v: &[f64]) -> f64 {
        self.half_solve(v).iter().map(|x| x * x).sum()
    }

    /// The logarithm of the determinant of A.
    pub fn ln_determinant(&self) -> f64 {
        2.0 * (0..self.size).map(|i| self.lower[i * self.size + i].ln()).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let matrix = [4.0, 2.0, 0.4, 2.0, 5.0, 1.0, 0.4, 1.0, 3.0];
        let parts = Cholesky::of(&matrix, 3).unwrap();
        let x = parts.solve(&[1.0, -2.0, 0.5]);
        let back: Vec<f64> = (0..3).map(|i| (0..3).map(|j| matrix[3 * i + j] * x[j]).sum()).collect();
        assert!(back.iter().zip([1.0, -2.0, 0.5]).all(|(a, b): (&f64, f64)| (a - b).abs() < 1e-14), "{back:?}");
        let v = [1.0, -2.0, 0.5];
        let length: f64 = v.iter().zip(&x).map(|(a, b)| a * b).sum();
        assert!((parts.squared_length(&v) - length).abs() < 1e-14);
        assert!((parts.ln_determinant() - 44.8f64.ln()).abs() < 1e-14);
    }

    #[test]
    fn dependent_columns_are_noticed() {
        assert!(Cholesky::of(&[1.0, 2.0, 2.0, 4.0], 2).is_none());
        assert!(Cholesky::of(&[1.0, f64::NAN, f64::NAN, 4.0], 2).is_none());
        assert!(Cholesky::of(&[], 0).is_some(), "no unknowns, no equations");
    }
}
