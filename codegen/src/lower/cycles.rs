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

/// How many aliases, lists and maps may stand inside each other: compilers give up at 128.
const DEEPEST: usize = 64;

/// An alias that reaches itself through aliases, lists and maps has no end as a Rust type; one that
/// reaches too deep is as good as that.
fn cut_aliases(schemas: &mut [Schema], diagnostics: &mut Diagnostics) {
    let index: BTreeMap<&str, usize> =
        schemas.iter().enumerate().map(|(index, schema)| (schema.name.as_str(), index)).collect();
    // An alias has one target at most, so that every walk is a line. Each schema is walked over once.
    let steps: Vec<Option<(usize, Option<usize>)>> = schemas
        .iter()
        .map(|schema| match &schema.kind {
            SchemaKind::Alias(ty) => {
                let (layers, name) = layers(ty);
                Some((layers, name.and_then(|name| index.get(name).copied())))
            }
            _ => None,
        })
        .collect();
    let mut depths: Vec<Option<usize>> =
        steps.iter().map(|step| step.is_none().then_some(0)).collect();
    let mut on_walk = vec![false; steps.len()];
    let mut cuts = BTreeMap::new();
    for start in 0..steps.len() {
        let mut walk = Vec::new();
        let mut at = Some(start);
        while let Some(node) = at.filter(|&node| depths[node].is_none() && !on_walk[node]) {
            on_walk[node] = true;
            walk.push(node);
            at = steps[node].and_then(|(_, next)| next);
        }
        if let Some(from) = at.and_then(|node| walk.iter().position(|&one| one == node)) {
            let circle = &mut walk[from..];
            let first = (0..circle.len()).min_by_key(|&place| circle[place]).unwrap_or(0);
            // The circle is cut at its first schema: the others lead there.
            circle.rotate_left(first + 1);
            if let Some(first) = walk.pop() {
                cuts.insert(first, "the schema is nothing but a list or map of itself");
                depths[first] = Some(1);
            }
        }
        for &node in walk.iter().rev() {
            let Some((layers, next)) = steps[node] else { continue };
            let below = next.and_then(|next| depths[next]).unwrap_or(0);
            let depth = below + layers + 1;
            if depth > DEEPEST {
                cuts.insert(node, "the schema is a list of lists, or another name, too often");
            }
            depths[node] = Some(if depth > DEEPEST { 1 } else { depth });
        }
    }
    for (own, message) in cuts {
        let schema = &mut schemas[own];
        diagnostics.warning(&schema.pointer, message, "it is generated as any JSON value");
        schema.kind = SchemaKind::Alias(Type::Any);
    }
}

/// How many lists and maps a type has around the name in it.
fn layers(ty: &Type) -> (usize, Option<&str>) {
    let (mut ty, mut count) = (ty, 0);
    while let Type::List(inner) | Type::Map(inner) = ty {
        (ty, count) = (inner, count + 1);
    }
    let name = if let Type::Schema(name) = ty { Some(name.as_str()) } else { None };
    (count, name)
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
    use super::{DEEPEST, components, cut_aliases};
    use crate::api::{Schema, SchemaKind, Type, Usage};
    use crate::diagnostic::Diagnostics;

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

    fn alias(name: usize, ty: Type) -> Schema {
        Schema {
            wire: name.to_string(),
            name: name.to_string(),
            module: String::new(),
            pointer: format!("/{name}"),
            description: String::new(),
            deprecated: false,
            usage: Usage::default(),
            kind: SchemaKind::Alias(ty),
        }
    }

    /// Which of these aliases are cut; each is a list of the one that it names.
    fn cut(targets: &[usize]) -> Vec<String> {
        let list = |target: &usize| Type::List(Box::new(Type::Schema(target.to_string())));
        let mut schemas: Vec<Schema> =
            targets.iter().enumerate().map(|(own, target)| alias(own, list(target))).collect();
        let mut diagnostics = Diagnostics::default();
        cut_aliases(&mut schemas, &mut diagnostics);
        diagnostics.iter().map(|one| one.pointer.clone()).collect()
    }

    #[test]
    fn a_circle_of_aliases_is_cut_once_at_its_first() {
        assert_eq!(cut(&[0]), ["/0"]);
        // 0 and 1 lead into the circle of 2, 4 and 3; 5 is a circle of its own; 7 names nothing.
        assert_eq!(cut(&[1, 3, 4, 2, 3, 5, 2, 99]), ["/2", "/5"]);
    }

    #[test]
    fn a_line_of_aliases_is_cut_where_it_is_too_deep() {
        // Each counts twice: itself and its list.
        let line = |count: usize| (1..=count).collect::<Vec<_>>();
        assert_eq!(cut(&line(DEEPEST / 2)), [""; 0]);
        assert_eq!(cut(&line(DEEPEST / 2 + 1)), ["/0"]);
        let backwards: Vec<usize> =
            (0..=DEEPEST / 2).map(|own| own.checked_sub(1).unwrap_or(99)).collect();
        assert_eq!(cut(&backwards), [format!("/{}", DEEPEST / 2)]);
    }
}
