package io.atlasdb.node.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines over time as an SVG picture. */
final class WanPlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int MARGIN = 50;
    private static final List<String> COLOURS = List.of("#1b6ca8", "#d1495b", "#3f8f4f", "#8a5fa8", "#c98a1b");

    private WanPlot() {}

    /**
     * @param lines points of (seconds, milliseconds) by the name of their line
     * @param markSeconds where a vertical line stands
     */
    static String svg(String title, Map<String, List<double[]>> lines, double markSeconds) {
        double xMax = 1;
        double yMax = 1;
        for (List<double[]> line : lines.values()) {
            for (double[] point : line) {
                xMax = Math.max(xMax, point[0]);
                yMax = Math.max(yMax, point[1]);
            }
        }
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT));
        svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT));
        svg.append(format("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", MARGIN, title));
        axes(svg, xMax, yMax);
        double mark = x(markSeconds, xMax);
        svg.append(format(
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#888\" stroke-dasharray=\"4\"/>%n",
                mark, mark, MARGIN, HEIGHT - MARGIN));
        int number = 0;
        for (Map.Entry<String, List<double[]>> line : lines.entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            StringBuilder points = new StringBuilder();
            for (double[] point : line.getValue()) {
                points.append(format("%.1f,%.1f ", x(point[0], xMax), y(point[1], yMax)));
            }
            svg.append(format(
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
                    colour, points.toString().strip()));
            svg.append(format(
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    WIDTH - MARGIN - 90, MARGIN + 16 * number, colour, line.getKey()));
            number++;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void axes(StringBuilder svg, double xMax, double yMax) {
        for (int i = 0; i <= 5; i++) {
            double seconds = xMax * i / 5;
            double ms = yMax * i / 5;
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>%n",
                    x(seconds, xMax), HEIGHT - MARGIN + 18, seconds));
            svg.append(format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f ms</text>%n", MARGIN - 4, y(ms, yMax) + 4, ms));
            svg.append(format(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    MARGIN, WIDTH - MARGIN, y(ms, yMax), y(ms, yMax)));
        }
    }

    private static double x(double seconds, double max) {
        return MARGIN + seconds / max * (WIDTH - 2 * MARGIN);
    }

    private static double y(double ms, double max) {
        return HEIGHT - MARGIN - ms / max * (HEIGHT - 2 * MARGIN);
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
