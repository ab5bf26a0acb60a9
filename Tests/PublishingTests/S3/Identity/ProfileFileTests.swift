import Testing

@testable import Publishing

@Suite struct ProfileFileTests {
    let text = """
        # a comment
        [default]
        aws_access_key_id = KEY
        aws_secret_access_key=a=b/c+d
        ; another
        [profile "night job"]
        region = x
        [profile night]
        region =   eu-west-1\t
        s3 =
          max_concurrent_requests = 20
        Output = json
        [sso-session night]
        sso_region = us-east-1
        """

    @Test func sectionsOfAConfigFile() {
        let file = ProfileFile(text, isConfig: true)
        #expect(file.profiles["default"] == ["aws_access_key_id": "KEY", "aws_secret_access_key": "a=b/c+d"])
        #expect(file.profiles["night"] == ["region": "eu-west-1", "s3": "", "output": "json"])
        #expect(file.profiles["sso-session night"] == nil)
    }

    @Test func sectionsOfACredentialsFile() {
        let file = ProfileFile("[night]\naws_access_key_id = K\r\n\r\n[profile day]\nx = y\n", isConfig: false)
        #expect(file.profiles == ["night": ["aws_access_key_id": "K"]])
    }

    @Test func linesBeforeAnySectionAndNonsenseCountNothing() {
        #expect(ProfileFile("a = b\n[\n[]\n= x\nnonsense", isConfig: true).profiles.isEmpty)
    }
}
