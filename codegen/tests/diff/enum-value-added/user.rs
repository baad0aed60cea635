use zoo_v1::schemas::{Animal, AnimalKind};

pub fn sound(animal: &Animal) -> String {
    match &animal.kind {
        Some(AnimalKind::Cat) => "meow".to_owned(),
        Some(AnimalKind::Dog) => "woof".to_owned(),
        Some(other) => format!("the sound of {other}"),
        None => String::new(),
    }
}
