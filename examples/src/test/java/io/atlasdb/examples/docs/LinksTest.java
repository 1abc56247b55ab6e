package io.atlasdb.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : Pages.all()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!ELSEWHERE.matcher(link.group(1)).matches()) {
                    links++;
                    check(page, link.group(1), broken);
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(20);
    }

    @Test
    void everyPageIsInTheIndex() throws IOException {
        Path docs = Pages.TOP.resolve("docs");
        String index = Files.readString(docs.resolve("README.md"));
        assertThat(Pages.all())
                .filteredOn(page -> page.startsWith(docs) && !page.endsWith("README.md"))
                .allSatisfy(page -> assertThat(index)
                        .contains("(" + docs.relativize(page).toString().replace('\\', '/') + ")"));
    }

    private static void check(Path page, String link, List<String> broken) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        String where = Pages.TOP.relativize(page) + ": " + link;
        if (!Files.exists(target)) {
            broken.add(where);
        } else if (hash >= 0 && !Pages.anchors(target).contains(link.substring(hash + 1))) {
            broken.add(where + " (there is no such heading)");
        }
    }
}
