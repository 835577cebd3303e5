//! Which layer a table is in, and its place there: what is referred to stands left of what refers to it.

use std::collections::BTreeSet;

/// The connected parts, the largest first; each as layers of nodes.
pub(super) fn layered(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<Vec<usize>>> {
    let pairs: BTreeSet<(usize, usize)> = edges.iter().copied().filter(|(from, to)| from != to).collect();
    let mut parents = vec![Vec::new(); count];
    let mut neighbours = vec![Vec::new(); count];
    for &(from, to) in &pairs {
        parents[from].push(to);
        neighbours[from].push(to);
        neighbours[to].push(from);
    }
    let levels = levels(count, &parents);
    let mut parts: Vec<Vec<Vec<usize>>> = components(count, &neighbours)
        .into_iter()
        .map(|part| {
            let depth = part.iter().map(|&node| levels[node]).max().unwrap_or(0);
            let mut layers = vec![Vec::new(); depth + 1];
            for node in part {
                layers[levels[node]].push(node);
            }
            layers.retain(|layer| !layer.is_empty());
            untangle(&mut layers, &neighbours, count);
            layers
        })
        .collect();
    parts.sort_by_key(|layers| std::cmp::Reverse(layers.iter().map(Vec::len).sum::<usize>()));
    parts
}

/// One more than the highest parent; what closes a circle is not followed.
fn levels(count: usize, parents: &[Vec<usize>]) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let mut seen = vec![Seen::No; count];
    let mut levels = vec![0; count];
    for start in 0..count {
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.pop() {
            if next == 0 {
                if seen[node] != Seen::No {
                    continue;
                }
                seen[node] = Seen::Open;
            }
            let unseen = (next..parents[node].len()).find(|&at| seen[parents[node][at]] == Seen::No);
            if let Some(at) = unseen {
                stack.push((node, at + 1));
                stack.push((parents[node][at], 0));
            } else {
                let done = parents[node].iter().filter(|&&parent| seen[parent] == Seen::Done);
                levels[node] = done.map(|&parent| levels[parent] + 1).max().unwrap_or(0);
                seen[node] = Seen::Done;
            }
        }
    }
    levels
}

fn components(count: usize, neighbours: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut part_of = vec![None; count];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for start in 0..count {
        if part_of[start].is_some() {
            continue;
        }
        let mut part = Vec::new();
        let mut open = vec![start];
        part_of[start] = Some(parts.len());
        while let Some(node) = open.pop() {
            part.push(node);
            for &next in &neighbours[node] {
                if part_of[next].is_none() {
                    part_of[next] = Some(parts.len());
                    open.push(next);
                }
            }
        }
        part.sort_unstable();
        parts.push(part);
    }
    parts
}

/// Each node near the middle of its neighbours, there and back a few times.
fn untangle(layers: &mut [Vec<usize>], neighbours: &[Vec<usize>], count: usize) {
    let mut place = vec![0.0_f64; count];
    let set = |layer: &[usize], place: &mut Vec<f64>| {
        for (at, &node) in layer.iter().enumerate() {
            place[node] = (at as f64 + 0.5) / layer.len() as f64;
        }
    };
    for layer in layers.iter() {
        set(layer, &mut place);
    }
    for round in 0..12 {
        let forward = round % 2 == 0;
        for step in 0..layers.len() {
            let at = if forward { step } else { layers.len() - 1 - step };
            let middle = |node: usize| {
                let near = &neighbours[node];
                if near.is_empty() {
                    place[node]
                } else {
                    near.iter().map(|&n| place[n]).sum::<f64>() / near.len() as f64
                }
            };
            let mut keyed: Vec<(f64, usize)> = layers[at].iter().map(|&node| (middle(node), node)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            layers[at] = keyed.into_iter().map(|(_, node)| node).collect();
            let layer = layers[at].clone();
            set(&layer, &mut place);
        }
    }
}
