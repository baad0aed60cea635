use zoo_v1::ZooService;
use zoo_v1::runtime::HttpsClientBuilder;

pub fn hub(client: HttpsClientBuilder, token: String) -> zoo_v1::Result<ZooService> {
    ZooService::https_with(client, token)
}
