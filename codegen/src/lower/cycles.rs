//! Types that contain themselves: a struct by value needs a box, an alias cannot exist at all.

use std::collections::BTreeMap;

use crate::api::{Schema, SchemaKind, Type};
use crate::diagnostic::Diagnostics;

/// Boxes every field that is part of a cycle of values, and cuts cycles of aliases.
///
/// Lists and maps hold their items elsewhere, so they end a chain of values.
pub(super) fn cut(schemas: &mut [Schema], diagnostics: &mut Diagnostics) {
    cut_aliases(schemas, diagnostics);
    let index: BTreeMap<String, usize> =
        schemas.iter().enumerate().map(|(index, schema)| (schema.name.clone(), index)).collect();
    let by_value = |ty: &Type| match ty {
        Type::Schema(name) => index.get(name).copied(),
        _ => None,
    };
    let edges: Vec<Vec<usize>> = schemas
        .iter()
        .map(|schema| match &schema.kind {
            SchemaKind::Struct(fields) => {
                fields.iter().filter_map(|field| by_value(&field.ty)).collect()
            }
            SchemaKind::Alias(ty) => by_value(ty).into_iter().collect(),
            SchemaKind::Enum(_) | SchemaKind::Mask(_) => Vec::new(),
        })
        .collect();
    let component = components(&edges);
    for (own, schema) in schemas.iter_mut().enumerate() {
        let SchemaKind::Struct(fields) = &mut schema.kind else { continue };
        for field in fields {
            // Within one component every edge lies on a cycle.
            field.boxed =
                by_value(&field.ty).is_some_and(|target| component[target] == component[own]);
        }
    }
}

/// An alias that reaches itself through aliases, lists and maps has no end as a Rust type.
fn cut_aliases(schemas: &mut [Schema], diagnostics: &mut Diagnostics) {
    fn named(ty: &Type) -> Option<&str> {
        match ty {
            Type::Schema(name) => Some(name),
            Type::List(inner) | Type::Map(inner) => named(inner),
            _ => None,
        }
    }
    let index: BTreeMap<String, usize> =
        schemas.iter().enumerate().map(|(index, schema)| (schema.name.clone(), index)).collect();
    for start in 0..schemas.len() {
        let mut at = start;
        for _ in 0..schemas.len() {
            let SchemaKind::Alias(ty) = &schemas[at].kind else { break };
            let Some(next) = named(ty).and_then(|name| index.get(name)) else { break };
            at = *next;
            if at == start {
                let schema = &mut schemas[start];
                let message = "the schema is nothing but a list or map of itself";
                diagnostics.warning(&schema.pointer, message, "it is generated as any JSON value");
                schema.kind = SchemaKind::Alias(Type::Any);
                break;
            }
        }
    }
}

/// The strongly connected component of every node (Kosaraju's algorithm, without recursion: chains
/// of a document may be long).
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            back[to].push(from);
        }
    }
    let mut finished = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.pop() {
            if next == 0 && std::mem::replace(&mut seen[node], true) {
                continue;
            }
            match edges[node].get(next) {
                Some(&target) => {
                    stack.push((node, next + 1));
                    if !seen[target] {
                        stack.push((target, 0));
                    }
                }
                None => finished.push(node),
            }
        }
    }
    let mut component = vec![usize::MAX; edges.len()];
    for &root in finished.iter().rev() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if component[node] == usize::MAX {
                component[node] = root;
                open.extend(&back[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn cycles_are_one_component() {
        let parts = components(&[vec![1], vec![2], vec![0, 3], vec![], vec![4]]);
        assert_eq!(parts[0], parts[1]);
        assert_eq!(parts[1], parts[2]);
        assert_ne!(parts[2], parts[3]);
        assert_ne!(parts[3], parts[4]);
        // Two paths to one node are no cycle.
        let parts = components(&[vec![1, 2], vec![3], vec![3], vec![]]);
        assert_eq!(parts.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
