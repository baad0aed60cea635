use zoo_v1::resources::animals::UpdateCall;
use zoo_v1::{FieldMask, ZooService};
use zoo_v1::schemas::Animal;

pub fn update(hub: &ZooService, animal: &Animal) -> UpdateCall {
    let mask: FieldMask = FieldMask::from("legs,name");
    hub.animals().update("a1", animal).set_update_mask(mask)
}
