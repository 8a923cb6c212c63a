//! How well a story fits its group against the next best one (Rousseeuw 1987).

use super::distances::Distances;

/// How a story sits in its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// -1 (nearer to the other group) over 0 (between both) to 1; 0 when alone in its group.
    pub value: f64,
    /// The nearest other group.
    pub other: usize,
}

/// What an average silhouette says of a division (Kaufman and Rousseeuw 1990).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Structure {
    /// At most .25.
    None,
    /// Above .25, at most .5.
    Weak,
    /// Above .5, at most .7.
    Reasonable,
    /// Above .7.
    Strong,
}

/// The fit of every row to its group, `groups[row]` being numbered from 0; rows of no group are left out. Means are over
/// pairs that can be compared; a row without any in its own (though it is not alone) or in every other group has none.
pub fn fits(distances: &Distances, groups: &[Option<usize>]) -> Vec<Option<Fit>> {
    let count = groups.iter().flatten().map(|&group| group + 1).max().unwrap_or(0);
    let mut sizes = vec![0_usize; count];
    groups.iter().flatten().for_each(|&group| sizes[group] += 1);
    let mut sums = vec![(0.0, 0_usize); count];
    let fit = |(row, group): (usize, &Option<usize>)| {
        let own = (*group)?;
        sums.fill((0.0, 0));
        for (other, group) in groups.iter().enumerate().filter(|&(other, _)| other != row) {
            if let (Some(group), Some(distance)) = (group, distances.get(row, other)) {
                sums[*group].0 += distance;
                sums[*group].1 += 1;
            }
        }
        let mean = |group: usize| (sums[group].1 > 0).then(|| sums[group].0 / sums[group].1 as f64);
        let others = (0..count).filter(|&group| group != own).filter_map(|group| Some((mean(group)?, group)));
        let (next, other) = others.min_by(|a, b| a.0.total_cmp(&b.0))?;
        if sizes[own] == 1 {
            return Some(Fit { value: 0.0, other });
        }
        let inner = mean(own)?;
        let larger = inner.max(next);
        Some(Fit { value: if larger > 0.0 { (next - inner) / larger } else { 0.0 }, other })
    };
    groups.iter().enumerate().map(fit).collect()
}

/// Mean of the values there are; none of none.
pub fn average(fits: impl IntoIterator<Item = Option<Fit>>) -> Option<f64> {
    let (sum, count) = fits.into_iter().flatten().fold((0.0, 0_usize), |(sum, count), fit| (sum + fit.value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// What this average says.
pub fn structure(average: f64) -> Structure {
    match average {
        a if a > 0.7 => Structure::Strong,
        a if a > 0.5 => Structure::Reasonable,
        a if a > 0.25 => Structure::Weak,
        _ => Structure::None,
    }
}
