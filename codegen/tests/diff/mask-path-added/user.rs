use zoo_v1::ZooService;
use zoo_v1::resources::animals::{UpdateCall, UpdateUpdateMask};
use zoo_v1::schemas::Animal;

pub fn update(hub: &ZooService, animal: &Animal) -> UpdateCall {
    let mask = UpdateUpdateMask::LEGS | UpdateUpdateMask::NAME;
    hub.animals().update("a1", animal).set_update_mask(mask)
}
