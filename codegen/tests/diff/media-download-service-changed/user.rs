use zoo_v1::ZooService;
use zoo_v1::media::Download;

pub async fn photo(hub: &ZooService) -> zoo_v1::Result<Download> {
    hub.animals().get("a1").download().send().await
}
