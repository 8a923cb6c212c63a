//! Answers as places, kept so that many distances are computed at a time.

/// Places in the plane, each coordinate in a list of its own: a processor takes several at once then.
#[derive(Default)]
pub(super) struct Places {
    x: Vec<f64>,
    /// None when all lie on a line.
    y: Option<Vec<f64>>,
}

impl Places {
    /// The places of the rows that are kept.
    pub fn of(places: &[[f64; 2]], kept: &[usize]) -> Self {
        let of = |k: usize| kept.iter().map(|row| places[*row][k]).collect::<Vec<_>>();
        let y = of(1);
        let lies_on_a_line = y.iter().all(|y| *y == 0.0);
        Self { x: of(0), y: (!lies_on_a_line).then_some(y) }
    }

    pub fn len(&self) -> usize {
        self.x.len()
    }

    pub fn is_on_a_line(&self) -> bool {
        self.y.is_none()
    }

    /// Distances from row `i` to the first rows, as many as `line` has.
    pub fn line(&self, i: usize, line: &mut [f64]) {
        let from = self.x[i];
        let Some(ys) = &self.y else {
            line.iter_mut().zip(&self.x).for_each(|(d, x)| *d = (x - from).abs());
            return;
        };
        let high = ys[i];
        for ((d, x), y) in line.iter_mut().zip(&self.x).zip(ys) {
            let (x, y) = (x - from, y - high);
            *d = (x * x + y * y).sqrt();
        }
    }

    /// The sum of the distances of all pairs. `line` is work space.
    pub fn pair_sum(&self, line: &mut Vec<f64>) -> f64 {
        line.resize(self.len(), 0.0);
        let from = |i: usize| {
            self.line(i, &mut line[..i]);
            sum(&line[..i])
        };
        (1..self.len()).map(from).sum()
    }

    /// The sum of the distances from each row to all others.
    pub fn row_sums(&self) -> Vec<f64> {
        let (mut rows, mut line) = (vec![0.0; self.len()], vec![0.0; self.len()]);
        for i in 1..self.len() {
            let line = &mut line[..i];
            self.line(i, line);
            rows[..i].iter_mut().zip(&*line).for_each(|(sum, d)| *sum += d);
            rows[i] += sum(line);
        }
        rows
    }

    /// Takes over other places in this order.
    pub fn take_in_order(&mut self, places: &Self, order: &[u32]) {
        let take = |to: &mut Vec<f64>, from: &[f64]| {
            to.clear();
            to.extend(order.iter().map(|row| from[*row as usize]));
        };
        take(&mut self.x, &places.x);
        match &places.y {
            Some(y) => take(self.y.get_or_insert_default(), y),
            None => self.y = None,
        }
    }

    /// The sum of products of numbers with the distances from row `i` to the first rows, as many as there are numbers.
    pub fn dot_from(&self, i: usize, numbers: &[f64]) -> f64 {
        let (fours, rest) = numbers.as_chunks::<4>();
        let done = 4 * fours.len();
        let (xs, from) = (&self.x[..numbers.len()], self.x[i]);
        let mut sums = [0.0; 4];
        let Some(ys) = &self.y else {
            for (a, x) in fours.iter().zip(xs.as_chunks::<4>().0) {
                for k in 0..4 {
                    sums[k] += a[k] * (x[k] - from).abs();
                }
            }
            let tail = rest.iter().zip(&xs[done..]).map(|(a, x)| a * (x - from).abs());
            return sums.iter().sum::<f64>() + tail.sum::<f64>();
        };
        let (ys, high) = (&ys[..numbers.len()], ys[i]);
        let distance = |x: f64, y: f64| ((x - from) * (x - from) + (y - high) * (y - high)).sqrt();
        for ((a, x), y) in fours.iter().zip(xs.as_chunks::<4>().0).zip(ys.as_chunks::<4>().0) {
            for k in 0..4 {
                sums[k] += a[k] * distance(x[k], y[k]);
            }
        }
        let tail = rest.iter().zip(&xs[done..]).zip(&ys[done..]).map(|((a, x), y)| a * distance(*x, *y));
        sums.iter().sum::<f64>() + tail.sum::<f64>()
    }
}

/// The sum of products, as four sums side by side: one would wait for every addition to end.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((fours_a, rest_a), (fours_b, rest_b)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (x, y) in fours_a.iter().zip(fours_b) {
        for k in 0..4 {
            sums[k] += x[k] * y[k];
        }
    }
    sums.iter().sum::<f64>() + rest_a.iter().zip(rest_b).map(|(x, y)| x * y).sum::<f64>()
}

/// The sum, as four sums side by side.
pub(super) fn sum(a: &[f64]) -> f64 {
    let (fours, rest) = a.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for x in fours {
        for k in 0..4 {
            sums[k] += x[k];
        }
    }
    sums.iter().sum::<f64>() + rest.iter().sum::<f64>()
}
