//! The places of a value where a type stands, and what must not stand there.

use serde_json::{Value, json};

use super::document::Kind;

/// A place in a value.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    steps: Vec<Step>,
    kind: Kind,
    /// Whether a null cannot stand there: an item of a list, a value of a map, the whole.
    is_never_null: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

impl Place {
    /// The path as errors have it: `names[0].metadata.primary`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.push_str(&format!(".{key}")),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    /// The path as JSON pointers have it: `/names/0/metadata/primary`.
    pub(crate) fn pointer(&self) -> String {
        let step = |step: &Step| match step {
            Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => format!("/{index}"),
        };
        self.steps.iter().map(step).collect()
    }

    /// All values of a wrong type, or outside of what the type holds.
    pub(crate) fn wrong(&self) -> Vec<Value> {
        let mut wrong = match self.kind.resolved() {
            Kind::Object(_) | Kind::Map(_) => vec![json!([]), json!("x"), json!(1), json!(true)],
            Kind::List(_) => vec![json!({}), json!("x"), json!(1), json!(false)],
            Kind::Text(_) | Kind::Enum(_) => vec![json!({}), json!(["x"]), json!(1), json!(true)],
            Kind::Bytes => vec![json!({}), json!(1), json!("%"), json!("A"), json!("+_")],
            Kind::Bool => vec![json!({}), json!("true"), json!(1), json!([])],
            Kind::Int32 => vec![
                json!({}),
                json!("1"),
                json!(true),
                json!(1.5),
                json!(2_147_483_648_i64),
                json!(-2_147_483_649_i64),
                json!(1e300),
                json!(u64::MAX),
            ],
            Kind::Int64 => vec![json!({}), json!("1.5"), json!("x"), json!(true), json!(1.5)],
            Kind::Any | Kind::Ref(_) => Vec::new(),
        };
        if self.is_never_null && !matches!(self.kind.resolved(), Kind::Any) {
            wrong.push(Value::Null);
        }
        wrong
    }

    /// The value with another one at this place.
    pub(crate) fn replaced(&self, whole: &Value, value: Value) -> Value {
        let mut whole = whole.clone();
        *whole.pointer_mut(&self.pointer()).expect("the place is there") = value;
        whole
    }
}

/// All places of a value that have a type.
pub(crate) fn places(kind: &Kind, value: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    walk(kind, value, &mut Vec::new(), true, &mut found);
    found
}

fn walk(
    kind: &Kind,
    value: &Value,
    steps: &mut Vec<Step>,
    is_never_null: bool,
    into: &mut Vec<Place>,
) {
    let kind = kind.resolved();
    into.push(Place { steps: steps.clone(), kind: kind.clone(), is_never_null });
    let mut inner = |step: Step, kind: &Kind, value: &Value, is_never_null: bool| {
        steps.push(step);
        walk(kind, value, steps, is_never_null, into);
        steps.pop();
    };
    match (kind, value) {
        (Kind::Object(fields), Value::Object(object)) => {
            for (name, value) in object {
                if let Some(kind) = fields.get(name) {
                    inner(Step::Key(name.clone()), kind, value, false);
                }
            }
        }
        (Kind::Map(kind), Value::Object(map)) => {
            for (key, value) in map {
                inner(Step::Key(key.clone()), kind, value, true);
            }
        }
        (Kind::List(kind), Value::Array(list)) => {
            for (index, value) in list.iter().enumerate() {
                inner(Step::Index(index), kind, value, true);
            }
        }
        _ => {}
    }
}
