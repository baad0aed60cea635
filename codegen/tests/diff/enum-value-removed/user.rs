use zoo_v1::schemas::{Animal, AnimalKind};

pub fn can_fly(animal: &Animal) -> bool {
    !matches!(animal.kind, Some(AnimalKind::Cat | AnimalKind::Dog | AnimalKind::Emu))
}
