package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.shared.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedLanguageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ko                                   | KOREAN
                    ko-KR                                | KOREAN
                    KO                                   | KOREAN
                    ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7  | KOREAN
                    en;q=0.8, ko;q=0.9                   | KOREAN
                    fr, ko;q=0.5                         | KOREAN
                    fr, ko;q=0.5, *;q=0.1                | KOREAN
                    en                                   | ENGLISH
                    en-GB, ko;q=0.9                      | ENGLISH
                    ko;q=0.8, en;q=0.9                   | ENGLISH
                    ko;q=0                               | ENGLISH
                    *, ko;q=0.5                          | ENGLISH
                    fr                                   | ENGLISH
                    kok                                  | ENGLISH
                    ko;q=many                            | ENGLISH
                    ko ko ko                             | ENGLISH
                    ,,;;=ko                              | ENGLISH
                    ''                                   | ENGLISH
                    """)
    void theLanguageThatIsPreferredIsSpoken(String header, Language language) {
        assertThat(AcceptedLanguage.of(header)).isEqualTo(language);
    }

    @Test
    void whoeverAsksForNoLanguageGetsEnglish() {
        assertThat(AcceptedLanguage.of((String) null)).isEqualTo(Language.ENGLISH);
    }

    @Test
    void aHeaderThatIsTooLongIsNotRead() {
        assertThat(AcceptedLanguage.of("ko," + "fr,".repeat(40))).isEqualTo(Language.KOREAN);
        assertThat(AcceptedLanguage.of("ko," + "fr,".repeat(100))).isEqualTo(Language.ENGLISH);
    }
}
